using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>Says how two lists of shared parameters differ.</summary>
internal static class SignatureDifference
{
    /// <returns>A sentence; null when they are the same.</returns>
    public static string? Describe(IReadOnlyList<TensorSpec> expected, IReadOnlyList<TensorSpec> given)
    {
        for (var i = 0; i < Math.Max(expected.Count, given.Count); i++)
        {
            var (want, have) = (expected.ElementAtOrDefault(i), given.ElementAtOrDefault(i));
            if (want != have)
            {
                return $"The run shares {Tensors(expected)} and this device {Tensors(given)}; the first difference is tensor {i + 1}: "
                    + $"{want?.ToString() ?? "none"} in the run, {have?.ToString() ?? "none"} here. Use the same generalists, ranks and shared roles on every device.";
            }
        }

        return null;
    }

    private static string Tensors(IReadOnlyList<TensorSpec> specs) => specs.Count == 1 ? "1 tensor" : $"{specs.Count} tensors";
}
