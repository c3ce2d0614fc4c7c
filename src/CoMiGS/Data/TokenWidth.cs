namespace CoMiGS.Data;

/// <summary>How many bytes a token id has in a token file.</summary>
public enum TokenWidth
{
    /// <summary>uint16, as for GPT-2.</summary>
    TwoBytes = 2,

    /// <summary>uint32, as for Llama.</summary>
    FourBytes = 4,
}
