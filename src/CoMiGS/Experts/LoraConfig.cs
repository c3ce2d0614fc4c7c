namespace CoMiGS.Experts;

/// <summary>Size and scale of a LoRA adapter.</summary>
/// <param name="Rank">r, the inner dimension of B A; at least 1.</param>
/// <param name="Alpha">alpha, the numerator of the scaling; positive. Default 16.</param>
/// <param name="Scaling">How alpha and r give the factor s. Default alpha / sqrt(r).</param>
/// <param name="Dropout">Probability with which an input feature of A is dropped in training, in [0, 1). Default 0.</param>
public sealed record LoraConfig(int Rank, double Alpha = 16, LoraScaling Scaling = LoraScaling.RankStabilized, double Dropout = 0)
{
    /// <summary>s = alpha / sqrt(r) or alpha / r.</summary>
    public double Factor => Scaling == LoraScaling.Classic ? Alpha / Rank : Alpha / Math.Sqrt(Rank);

    /// <summary>Every rule this configuration breaks, as sentences; empty when it is valid.</summary>
    /// <param name="prefix">What the members are called where the user set them, for example <c>Attention</c> for <c>AttentionRank</c>.</param>
    public IEnumerable<string> Violations(string prefix = "")
    {
        if (Rank < 1)
        {
            yield return $"{prefix}Rank is {Rank}. A LoRA adapter needs rank 1 or more; 8 is a usual choice.";
        }

        if (!(Alpha > 0) || double.IsInfinity(Alpha))
        {
            yield return $"{prefix}Alpha is {Alpha}. Use a positive number; 16 is a usual choice.";
        }

        if (!(Dropout is >= 0 and < 1))
        {
            yield return $"{prefix}Dropout is {Dropout}. Use a probability from 0 up to, not including, 1.";
        }
    }

    internal LoraConfig Checked()
    {
        var violations = string.Join(Environment.NewLine, Violations());
        return violations.Length == 0 ? this : throw new ArgumentException(violations);
    }
}
