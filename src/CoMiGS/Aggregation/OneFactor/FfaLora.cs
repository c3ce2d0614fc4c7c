using CoMiGS.Transport;

namespace CoMiGS.Aggregation.OneFactor;

/// <summary>
/// FFA-LoRA (arXiv 2403.12313): A is the same on every device, drawn from the seed of the run, and never trained; B is trained and averaged. The mean of B is then
/// exactly the mean of the updates <c>s B A</c>, and half as much travels.
/// </summary>
public sealed class FfaLora : IAggregationStrategy
{
    /// <summary>The ability that devices must have: each would draw an A of its own otherwise, and the mean of B would mean nothing.</summary>
    public const string Ability = "frozen-down-projections";

    /// <inheritdoc/>
    public string Name => "FfaLora";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { BearsLateUpdates = true, Ability = Ability };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) =>
        OneFactorMean.Objection(Name, device, pair => pair.A, "Compose the device with UseFrozenDownProjections, which freezes A and shares B.");

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment) => new MeanAggregation(moment, update => update.Samples);
}
