using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>The factors among shared tensors: A is (r, in), B is (out, r).</summary>
public static class AdapterPairs
{
    /// <summary>The pairs both of whose factors are shared.</summary>
    /// <param name="share">What a device shares.</param>
    public static IReadOnlyList<AdapterPair> Whole(DeviceShare share)
    {
        ArgumentNullException.ThrowIfNull(share);
        var names = share.Tensors.Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal);
        return [.. share.Adapters.Where(pair => names.Contains(pair.A) && names.Contains(pair.B))];
    }

    /// <summary>Which dimension of a tensor is the rank, by the tensor's name: 0 of an A, 1 of a B.</summary>
    /// <param name="adapters">The pairs.</param>
    public static IReadOnlyDictionary<string, int> RankDimensions(IEnumerable<AdapterPair> adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        var dimensions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var pair in adapters)
        {
            dimensions[pair.A] = 0;
            dimensions[pair.B] = 1;
        }

        return dimensions;
    }

    /// <summary>The highest rank among the pairs of a list of tensors; 0 if there is none.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="adapters">The pairs.</param>
    public static long HighestRank(IEnumerable<TensorSpec> tensors, IEnumerable<AdapterPair> adapters)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var dimensions = RankDimensions(adapters);
        return tensors.Max(spec => dimensions.TryGetValue(spec.Name, out var dimension) ? spec.Shape[dimension] : (long?)0) ?? 0;
    }

    /// <summary>What is wrong with pairs and tensors that claim to belong together.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="adapters">The pairs.</param>
    /// <returns>A sentence; null when nothing is.</returns>
    public static string? Flaw(IReadOnlyList<TensorSpec> tensors, IReadOnlyList<AdapterPair> adapters)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(adapters);
        var specs = tensors.ToDictionary(spec => spec.Name, StringComparer.Ordinal);
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in adapters)
        {
            var (a, b) = (specs.GetValueOrDefault(pair.A), specs.GetValueOrDefault(pair.B));
            if (a is null && b is null)
            {
                return $"The adapter {pair.A} and {pair.B} is named, but neither factor is shared. Name adapters of which something is shared.";
            }

            if (!used.Add(pair.A) || !used.Add(pair.B))
            {
                return $"The adapter {pair.A} and {pair.B} has a factor that occurs twice. Name every factor once.";
            }

            if (a?.Shape.Length is not (null or 2) || b?.Shape.Length is not (null or 2) || (a is not null && b is not null && a.Shape[0] != b.Shape[1]) || a?.Shape[0] < 1 || b?.Shape[1] < 1)
            {
                return $"{a?.ToString() ?? pair.A} and {b?.ToString() ?? pair.B} are no factors of one adapter. A is (r, in) and B is (out, r), with the same rank r of 1 or more.";
            }
        }

        return null;
    }
}
