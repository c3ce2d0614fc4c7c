using System.Runtime.InteropServices;
using CoMiGS.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>The tokens that a loss compares with.</summary>
internal static class TargetIds
{
    private static readonly Scalar None = CrossEntropyRows.Ignored.ToScalar();

    /// <summary>How many count.</summary>
    /// <param name="targets">(N), int64, contiguous.</param>
    /// <param name="vocabulary">V.</param>
    /// <exception cref="ArgumentException">One is no id of the vocabulary; on a CPU only, elsewhere the device itself stops at it.</exception>
    public static long Counted(Tensor targets, long vocabulary)
    {
        if (targets.device_type != DeviceType.CPU)
        {
            using var counted = targets.ne(None).sum();
            return counted.item<long>();
        }

        long count = 0;
        foreach (var id in MemoryMarshal.Cast<byte, long>(targets.bytes))
        {
            count += id == CrossEntropyRows.Ignored ? 0
                : id >= 0 && id < vocabulary ? 1
                : throw new ArgumentException($"A target is {id}, but this model predicts the ids 0 to {vocabulary - 1}. Use ids of its vocabulary, or {CrossEntropyRows.Ignored} for a token that does not count.", nameof(targets));
        }

        return count;
    }
}
