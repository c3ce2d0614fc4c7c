using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>Keeps all updates of a round and combines them in the order of their devices' names, so that the order in which they came cannot matter.</summary>
/// <param name="combine">Makes the next shared parameters of all updates.</param>
public sealed class CollectedUpdates(Func<IReadOnlyList<DeviceUpdate>, TensorSet> combine) : IAggregation
{
    private readonly List<DeviceUpdate> _updates = [];

    /// <inheritdoc/>
    public int Count => _updates.Count;

    /// <inheritdoc/>
    public void Add(DeviceShare device, ExpertUpdate update)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(update);
        if (update.Tensors.FirstOrDefault(tensor => AggregationLimits.FirstBeyond(tensor.AsFloats(), AggregationLimits.MaximumMagnitude) >= 0) is { } bad)
        {
            throw new ArgumentException($"{bad.Spec.Name} of {update.Device} holds a number that is not finite or beyond {AggregationLimits.MaximumMagnitude}.", nameof(update));
        }

        _updates.Add(new DeviceUpdate(device, update));
    }

    /// <inheritdoc/>
    public TensorSet Complete() => Count == 0
        ? throw new InvalidOperationException("The round has no update. Close it with at least one.")
        : combine([.. _updates.OrderBy(update => update.Device.Device, StringComparer.Ordinal)]);
}
