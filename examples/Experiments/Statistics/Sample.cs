using MathNet.Numerics.Statistics;

namespace CoMiGS.Experiments.Statistics;

/// <summary>The mean of a few numbers, and how far they scatter.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The sample's standard deviation, divided by n - 1; null for one number.</param>
/// <param name="Count">How many numbers.</param>
public sealed record Sample(double Mean, double? Deviation, int Count)
{
    /// <summary>The sample of <paramref name="values"/>, or null if there are none.</summary>
    public static Sample? Of(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count == 0 ? null : new Sample(values.Mean(), values.Count == 1 ? null : values.StandardDeviation(), values.Count);
    }
}
