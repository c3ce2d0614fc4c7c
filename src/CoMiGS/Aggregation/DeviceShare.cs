using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>What a device shares, as it checked in.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Samples">The size of its training data.</param>
/// <param name="Tensors">Names, types and shapes of its shared parameters, in their order.</param>
/// <param name="Adapters">Which of them are factors of one low-rank update, and at what scale.</param>
public sealed record DeviceShare(string Device, long Samples, IReadOnlyList<TensorSpec> Tensors, IReadOnlyList<AdapterPair> Adapters)
{
    /// <summary>What the device that sends this check-in shares.</summary>
    /// <param name="checkIn">The check-in.</param>
    public static DeviceShare Of(CheckIn checkIn)
    {
        ArgumentNullException.ThrowIfNull(checkIn);
        return new(checkIn.Device, checkIn.Samples, checkIn.Shared, checkIn.Adapters);
    }

    /// <summary>Whether another device shares the very same.</summary>
    /// <param name="other">The other device.</param>
    internal bool IsAlike(DeviceShare other) =>
        (ReferenceEquals(Tensors, other.Tensors) || Tensors.SequenceEqual(other.Tensors)) && (ReferenceEquals(Adapters, other.Adapters) || Adapters.SequenceEqual(other.Adapters));
}
