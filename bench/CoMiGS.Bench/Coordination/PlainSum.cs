using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CoMiGS.Bench.Coordination;

/// <summary><c>sum += w x</c> in float32: what adding up costs that does not care for the order.</summary>
internal static class PlainSum
{
    /// <summary>Adds as fast as the machine can.</summary>
    /// <param name="sum">What is added to.</param>
    /// <param name="values">As many numbers.</param>
    /// <param name="weight">Their weight.</param>
    public static void Add(Span<float> sum, ReadOnlySpan<float> values, float weight)
    {
        var done = Vector512.IsHardwareAccelerated ? AddWide(sum, values, weight) : AddAny(sum, values, weight);
        for (var i = done; i < values.Length; i++)
        {
            sum[i] += values[i] * weight;
        }
    }

    private static int AddWide(Span<float> sum, ReadOnlySpan<float> values, float weight)
    {
        ref var to = ref MemoryMarshal.GetReference(sum);
        ref var from = ref MemoryMarshal.GetReference(values);
        var factor = Vector512.Create(weight);
        var end = (nuint)(values.Length & -Vector512<float>.Count);
        for (nuint i = 0; i < end; i += (nuint)Vector512<float>.Count)
        {
            Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref from, i), factor, Vector512.LoadUnsafe(ref to, i)).StoreUnsafe(ref to, i);
        }

        return (int)end;
    }

    private static int AddAny(Span<float> sum, ReadOnlySpan<float> values, float weight)
    {
        var wideSum = MemoryMarshal.Cast<float, Vector<float>>(sum);
        var wide = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (var i = 0; i < wide.Length; i++)
        {
            wideSum[i] += wide[i] * weight;
        }

        return wide.Length * Vector<float>.Count;
    }
}
