namespace CoMiGS.Aggregation;

/// <summary>
/// The plain mean, <c>theta = (1/N) sum_i theta_i</c>: every device counts the same, however much text it has (the CoMiGS paper's released code;
/// docs/fidelity.md).
/// </summary>
/// <remarks>Exact until one final rounding: the order and grouping of updates do not change a bit of the result. Memory is that of one model.</remarks>
public sealed class UniformMean : IAggregationStrategy
{
    /// <inheritdoc/>
    public string Name => "UniformMean";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { BearsLateUpdates = true };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MeanAggregation.Objection(Name, device);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment) => new MeanAggregation(moment, _ => 1);
}
