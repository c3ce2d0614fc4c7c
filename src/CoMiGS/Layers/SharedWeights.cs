using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>Finds out whether layers share their weight.</summary>
internal static unsafe class SharedWeights
{
    /// <summary>Whether two are one: by their handle or, as an embedding of TorchSharp hands out another one each time, by the memory they lie in.</summary>
    /// <param name="weight">A weight; outside of the CPU its handle alone counts.</param>
    /// <param name="other">Another.</param>
    public static bool IsOneWith(this Tensor weight, Tensor other) =>
        weight.Handle == other.Handle || (HasAddress(weight) && HasAddress(other) && weight.shape.AsSpan().SequenceEqual(other.shape) && Addresses.Of(weight) == Addresses.Of(other));

    private static bool HasAddress(Tensor weight) => weight.device_type == DeviceType.CPU && weight.is_contiguous() && weight.numel() > 0;
}
