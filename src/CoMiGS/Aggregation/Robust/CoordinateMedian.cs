using CoMiGS.Transport;

namespace CoMiGS.Aggregation.Robust;

/// <summary>
/// The median of every number by itself (Yin et al. 2018, arXiv 1803.01498): stays among the honest values as long as fewer than half of the devices lie,
/// whatever they send. All devices count the same, since a liar chooses its sample count.
/// </summary>
public sealed class CoordinateMedian : IAggregationStrategy
{
    /// <inheritdoc/>
    public string Name => "CoordinateMedian";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { Updates = UpdateAccess.All, BearsLateUpdates = true };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MeanAggregation.Objection(Name, device);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment) => new CollectedUpdates(updates => Sorted.Combine(updates, Median));

    private static double Median(ReadOnlySpan<float> sorted) =>
        ((double)sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
