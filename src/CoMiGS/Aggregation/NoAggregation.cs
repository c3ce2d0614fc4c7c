using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>Combines nothing: every device learns alone, and rounds only keep the devices in step (the Local baseline, and "2S" of the paper).</summary>
/// <remarks>Devices share no parameters (<c>SharedRoles.None</c>); one that wants to share is refused, since nobody would get what it sends.</remarks>
public sealed class NoAggregation : IAggregationStrategy
{
    /// <inheritdoc/>
    public string Name => "NoAggregation";

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first)
    {
        ArgumentNullException.ThrowIfNull(device);
        return device.Tensors.Count == 0
            ? null
            : $"{Name} combines nothing, but the device would share {device.Tensors.Count} tensors. Share nothing (SharedRoles.None), or choose a strategy such as WeightedMean.";
    }

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment) => new Nothing();

    private sealed class Nothing : IAggregation
    {
        public int Count { get; private set; }

        public void Add(DeviceShare device, ExpertUpdate update) => Count++;

        public TensorSet Complete() => TensorSet.Empty;
    }
}
