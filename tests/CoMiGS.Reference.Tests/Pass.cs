namespace CoMiGS.Reference.Tests;

/// <summary>The ways in which the library computes a mixture of experts; all of them have to give the reference's numbers.</summary>
public enum Pass
{
    /// <summary>In float32, in one fused pass.</summary>
    Fused,

    /// <summary>In float32, composed of torch's operators.</summary>
    Composed,

    /// <summary>In float64, which is always composed.</summary>
    Exact,
}
