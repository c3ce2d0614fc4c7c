using CoMiGS.Aggregation;
using CoMiGS.Aggregation.Robust;

namespace CoMiGS;

/// <summary>Names the strategies that bear devices which lie.</summary>
public static class RobustExtensions
{
    /// <summary>The median of every number: bears fewer than half of the devices lying.</summary>
    /// <param name="aggregation">The builder.</param>
    public static AggregationBuilder CoordinateMedian(this AggregationBuilder aggregation) => aggregation.Use(_ => new CoordinateMedian());

    /// <summary>The mean without the largest and smallest: bears that many devices lying.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="liars">How many; a round needs 2 f + 1 devices.</param>
    public static AggregationBuilder TrimmedMean(this AggregationBuilder aggregation, int liars) => aggregation.Use(_ => new TrimmedMean(liars));

    /// <summary>The update that is nearest to most others, or the mean of the best: bears that many devices lying.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="liars">How many; a round needs 2 f + 3 devices.</param>
    /// <param name="chosen">1 for Krum, more for Multi-Krum.</param>
    public static AggregationBuilder Krum(this AggregationBuilder aggregation, int liars, int chosen = 1) => aggregation.Use(_ => new Krum(liars, chosen));

    /// <summary>The mean of updates that are shortened to a largest length.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="norm">The largest length.</param>
    /// <param name="weights">How much a device counts. Default: all the same, since a liar chooses its sample count.</param>
    public static AggregationBuilder NormClipping(this AggregationBuilder aggregation, double norm, UpdateWeights weights = UpdateWeights.Uniform) =>
        aggregation.Use(_ => new NormClipping(norm, weights));
}
