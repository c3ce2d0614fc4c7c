namespace CoMiGS.Bench.Harness;

/// <summary>Repeated figures of one thing.</summary>
/// <param name="Values">One for each round.</param>
internal sealed record Sample(IReadOnlyList<double> Values)
{
    /// <summary>The middle one, or halfway between the two in the middle.</summary>
    public double Median => Quantile(0.5);

    /// <summary>The least.</summary>
    public double Minimum => Values.Min();

    /// <summary>Distance between the quartiles, as a share of the median.</summary>
    public double Spread => (Quantile(0.75) - Quantile(0.25)) / Median;

    /// <summary>Round by round, so that noise that lasts longer than a round hits both; as many rounds as both have.</summary>
    /// <param name="baseline">What is divided by.</param>
    public Sample Over(Sample baseline) => new([.. Values.Zip(baseline.Values, (value, other) => value / other)]);

    /// <summary>The value below which a share of the figures lie, between two of them by a straight line.</summary>
    public double Quantile(double share)
    {
        if (Values.Count == 0)
        {
            throw new InvalidOperationException("Nothing was measured, so there is no quantile of it.");
        }

        double[] sorted = [.. Values.Order()];
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}
