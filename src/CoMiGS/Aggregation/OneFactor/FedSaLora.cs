using CoMiGS.Transport;

namespace CoMiGS.Aggregation.OneFactor;

/// <summary>FedSA-LoRA (arXiv 2410.01463): both factors are trained, A is averaged, for it holds what is common, and B stays on the device, for it holds what is not.</summary>
public sealed class FedSaLora : IAggregationStrategy
{
    /// <inheritdoc/>
    public string Name => "FedSaLora";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { BearsLateUpdates = true };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) =>
        OneFactorMean.Objection(Name, device, pair => pair.B, "Let the device share A alone: Share(SharedRoles.Default.Only(LoraFactor.A)).");

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment) => new MeanAggregation(moment, update => update.Samples);
}
