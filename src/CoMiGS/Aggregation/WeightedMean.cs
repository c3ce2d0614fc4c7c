namespace CoMiGS.Aggregation;

/// <summary>
/// The mean weighted by sample counts, <c>theta = sum_i n_i theta_i / sum_i n_i</c> (FedAvg, McMahan et al. 2017, arXiv 1602.05629, algorithm 1).
/// </summary>
/// <remarks>Exact until one final rounding: the order and grouping of updates do not change a bit of the result. Memory is that of one model.</remarks>
public sealed class WeightedMean : IAggregationStrategy
{
    /// <inheritdoc/>
    public string Name => "WeightedMean";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { BearsLateUpdates = true };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MeanAggregation.Objection(Name, device);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment) => new MeanAggregation(moment, update => update.Samples);
}
