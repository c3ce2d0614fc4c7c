using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>Says how two lists of shared parameters differ.</summary>
internal static class SignatureDifference
{
    /// <returns>A sentence; null when they are the same.</returns>
    public static string? Describe(IReadOnlyList<TensorSpec> expected, IReadOnlyList<TensorSpec> given) => Describe(expected, given, (want, have) => want == have);

    /// <param name="expected">What the run shares.</param>
    /// <param name="given">What a device shares.</param>
    /// <param name="rankDimensions">Which dimension of a tensor is the rank, by name.</param>
    /// <param name="rankFits">Whether the device may have a rank, given that of the run.</param>
    /// <returns>A sentence; null when they are the same but for ranks.</returns>
    public static string? DescribeButForRanks(
        IReadOnlyList<TensorSpec> expected, IReadOnlyList<TensorSpec> given, IReadOnlyDictionary<string, int> rankDimensions, Func<long, long, bool> rankFits) =>
        Describe(expected, given, (want, have) => want == have || (want is not null && have is not null
            && rankDimensions.TryGetValue(have.Name, out var rank) && want.Shape.Length > rank && have.Shape.Length > rank
            && rankFits(want.Shape[rank], have.Shape[rank]) && want == new TensorSpec(have.Name, have.Type, have.Shape.SetItem(rank, want.Shape[rank]))));

    private static string? Describe(IReadOnlyList<TensorSpec> expected, IReadOnlyList<TensorSpec> given, Func<TensorSpec?, TensorSpec?, bool> same)
    {
        for (var i = 0; i < Math.Max(expected.Count, given.Count); i++)
        {
            var (want, have) = (expected.ElementAtOrDefault(i), given.ElementAtOrDefault(i));
            if (!same(want, have))
            {
                return $"The run shares {Tensors(expected)} and this device {Tensors(given)}; the first difference is tensor {i + 1}: "
                    + $"{want?.ToString() ?? "none"} in the run, {have?.ToString() ?? "none"} here. Use the same generalists, ranks and shared roles on every device.";
            }
        }

        return null;
    }

    private static string Tensors(IReadOnlyList<TensorSpec> specs) => specs.Count == 1 ? "1 tensor" : $"{specs.Count} tensors";
}
