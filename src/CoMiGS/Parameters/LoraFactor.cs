namespace CoMiGS.Parameters;

/// <summary>Which part of a low-rank update a parameter is.</summary>
public enum LoraFactor
{
    /// <summary>None: a parameter that stands for itself.</summary>
    None,

    /// <summary>The down projection A, (r, in).</summary>
    A,

    /// <summary>The up projection B, (out, r).</summary>
    B,
}
