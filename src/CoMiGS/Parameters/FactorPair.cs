namespace CoMiGS.Parameters;

/// <summary>Says of two parameters that they are the factors of one low-rank update <c>s B A</c>: both carry the same instance.</summary>
/// <param name="scale">The effective scale s.</param>
public sealed class FactorPair(double scale)
{
    /// <summary>The effective scale s, alpha / r or alpha / sqrt(r).</summary>
    public double Scale { get; } = scale;
}
