using CoMiGS.Transport;

namespace CoMiGS.Aggregation.LowRank;

/// <summary>
/// How strategies for differing ranks keep shared parameters: adapters as factors of the effective update, which is at scale 1, of the highest rank;
/// everything else as it is. A device's view has the device's rank and scale.
/// </summary>
internal static class MixedRankState
{
    /// <summary>Why a device cannot take part.</summary>
    public static string? Objection(string strategy, DeviceShare device)
    {
        ArgumentNullException.ThrowIfNull(device);
        var whole = AdapterPairs.Whole(device).Count;
        return MeanAggregation.Objection(strategy, device)
            ?? (whole == 0 ? $"{strategy} combines low-rank adapters, but the device names none among its {device.Tensors.Count} tensors. Share A and B of an adapter, or choose WeightedMean." : null)
            ?? (whole < device.Adapters.Count ? $"{strategy} combines the products of A and B, but of {device.Adapters.Count - whole} adapters the device shares only one factor. Share both." : null);
    }

    /// <summary>The next shared parameters: pairs by a rule, all other tensors by their mean.</summary>
    /// <param name="updates">All updates of the round.</param>
    /// <param name="weight">The weight of an update in the mean.</param>
    /// <param name="combine">Makes the factors of a pair, at scale 1.</param>
    public static TensorSet Combine(IReadOnlyList<DeviceUpdate> updates, Func<ExpertUpdate, long> weight, Func<AdapterPair, Factors> combine)
    {
        var first = updates[0];
        var pairs = first.Device.Adapters.ToDictionary(pair => pair.A, StringComparer.Ordinal);
        var factors = first.Device.Adapters.Select(pair => pair.B).Concat(pairs.Keys).ToHashSet(StringComparer.Ordinal);
        var next = new List<NamedTensor>();
        foreach (var spec in first.Device.Tensors)
        {
            if (pairs.TryGetValue(spec.Name, out var pair))
            {
                next.AddRange(combine(pair).Write(pair, scale: 1));
            }
            else if (!factors.Contains(spec.Name))
            {
                next.Add(Mean(spec, updates, weight));
            }
        }

        return new TensorSet(next);
    }

    /// <summary>What a device gets: its first rows and columns, at its scale.</summary>
    public static TensorSet View(RunMoment moment, DeviceShare device)
    {
        ArgumentNullException.ThrowIfNull(moment);
        ArgumentNullException.ThrowIfNull(device);
        var specs = device.Tensors.ToDictionary(spec => spec.Name, StringComparer.Ordinal);
        var tensors = device.Adapters
            .SelectMany(pair => Factors.Read(moment.Shared, pair, 1).OfRank((int)specs[pair.A].Shape[0], pair.A, moment.Seed).Write(pair, pair.Scale))
            .ToDictionary(tensor => tensor.Spec.Name, StringComparer.Ordinal);
        return new TensorSet(device.Tensors.Select(spec => tensors.GetValueOrDefault(spec.Name) ?? moment.Shared[spec.Name]));
    }

    /// <summary>The highest rank of a pair, in the updates and in what is shared so far.</summary>
    public static int Rank(AdapterPair pair, TensorSet shared, IEnumerable<Factors> updates) =>
        Math.Max(updates.Max(factors => factors.Rank), shared.TryGet(pair.A, out var a) ? (int)a.Spec.Shape[0] : 0);

    private static NamedTensor Mean(TensorSpec spec, IReadOnlyList<DeviceUpdate> updates, Func<ExpertUpdate, long> weight)
    {
        var sum = new FixedPointSum(checked((int)spec.ElementCount));
        foreach (var (_, update) in updates)
        {
            sum.TryAdd(update.Tensors[spec.Name].AsFloats(), weight(update)); // collected updates were checked
        }

        return sum.Mean(spec, updates.Sum(update => weight(update.Update)));
    }
}
