namespace CoMiGS.Parameters;

/// <summary>The distributions a parameter can start from.</summary>
public enum InitDistribution
{
    /// <summary>All zeros.</summary>
    Zeros,

    /// <summary>Uniform around zero.</summary>
    Uniform,

    /// <summary>Normal around zero.</summary>
    Normal,
}
