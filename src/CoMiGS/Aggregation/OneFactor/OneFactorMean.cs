using CoMiGS.Transport;

namespace CoMiGS.Aggregation.OneFactor;

/// <summary>The mean weighted by samples, for devices that share one factor of every adapter.</summary>
internal static class OneFactorMean
{
    /// <summary>Why a device cannot take part: a factor is shared that should not be.</summary>
    /// <param name="strategy">Name of the strategy.</param>
    /// <param name="device">What the device shares.</param>
    /// <param name="unwanted">The factor that stays at home.</param>
    /// <param name="advice">What to do.</param>
    public static string? Objection(string strategy, DeviceShare device, Func<AdapterPair, string> unwanted, string advice)
    {
        ArgumentNullException.ThrowIfNull(device);
        var names = device.Adapters.Select(unwanted).ToHashSet(StringComparer.Ordinal);
        return MeanAggregation.Objection(strategy, device)
            ?? (device.Adapters.Count == 0 ? $"{strategy} averages one factor of adapters, but the device names none among its {device.Tensors.Count} tensors. {advice}" : null)
            ?? (device.Tensors.FirstOrDefault(spec => names.Contains(spec.Name)) is { } shared ? $"{strategy} shares one factor of every adapter, but the device shares {shared.Name} too. {advice}" : null);
    }
}
