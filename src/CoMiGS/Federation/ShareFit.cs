using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>Whether what a device shares goes together with the run and its strategy; if not, which strategies it would go together with.</summary>
internal static class ShareFit
{
    /// <param name="strategy">The run's strategy.</param>
    /// <param name="run">The run's tensors; null while the first device is still to settle them.</param>
    /// <param name="first">What the first device shares; null before it.</param>
    /// <param name="device">What this device shares.</param>
    /// <returns>A sentence; null when it fits.</returns>
    public static string? Objection(IAggregationStrategy strategy, IReadOnlyList<TensorSpec>? run, DeviceShare? first, DeviceShare device)
    {
        var dimensions = AdapterPairs.RankDimensions(device.Adapters);
        return TypeFlaw(device) ?? ScaleFlaw(device) ?? AdapterPairs.Flaw(device.Tensors, device.Adapters)
            ?? Signature(strategy, run, device, dimensions)
            ?? Adapters(strategy, first, device);
    }

    /// <summary>How numbers travel is the plan's business; strategies combine float32.</summary>
    private static string? TypeFlaw(DeviceShare device) =>
        device.Tensors.FirstOrDefault(spec => spec.Type != TensorType.Float32) is { } other
            ? $"The device would share {other}. Check in with tensors of type Float32; the plan says in which type they are sent."
            : null;

    private static string? ScaleFlaw(DeviceShare device) =>
        device.Adapters.FirstOrDefault(pair => !(pair.Scale is >= 1 / AggregationLimits.MaximumScale and <= AggregationLimits.MaximumScale)) is { } other
            ? $"The adapter {other.A} has scale {other.Scale}; between {1 / AggregationLimits.MaximumScale:G3} and {AggregationLimits.MaximumScale} is allowed. Choose alpha and rank such that alpha / rank is."
            : null;

    private static string? Signature(IAggregationStrategy strategy, IReadOnlyList<TensorSpec>? run, DeviceShare device, IReadOnlyDictionary<string, int> dimensions)
    {
        if (run is null)
        {
            return null;
        }

        var butForRanks = SignatureDifference.DescribeButForRanks(run, device.Tensors, dimensions, (_, _) => true);
        return strategy.Needs.MixedRanks || butForRanks is not null
            ? butForRanks
            : SignatureDifference.Describe(run, device.Tensors) is { } difference ? $"{difference} {WhatFits(strategy, device, "ranks", needs => needs.MixedRanks)}" : null;
    }

    private static string? Adapters(IAggregationStrategy strategy, DeviceShare? first, DeviceShare device)
    {
        if (first is null)
        {
            return null;
        }

        if (!first.Adapters.Select(Names).SequenceEqual(device.Adapters.Select(Names)))
        {
            return $"The run names {first.Adapters.Count} adapters among its tensors and this device {device.Adapters.Count}, not the same. Use the same CoMiGS version and the same shared roles on every device.";
        }

        var different = first.Adapters.Zip(device.Adapters).FirstOrDefault(pair => pair.First.Scale != pair.Second.Scale);
        return strategy.Needs.MixedRanks || strategy.Needs.MixedScales || different.First is null
            ? null
            : $"The adapter {different.First.A} has scale {different.First.Scale} in the run and {different.Second.Scale} on this device: the mean of their factors would be the adapter of neither. Use the same alpha, rank and scaling on every device. {WhatFits(strategy, device, "scales", needs => needs.MixedScales)}";
    }

    private static string WhatFits(IAggregationStrategy strategy, DeviceShare device, string what, Func<AggregationNeeds, bool> takes) =>
        $"Or let the coordinator use a strategy for differing {what}, which {strategy.Name} is not: {StrategyCatalog.Fitting(takes, device)}.";

    private static (string, string) Names(AdapterPair pair) => (pair.A, pair.B);
}
