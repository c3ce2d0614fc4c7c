using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CoMiGS.Aggregation;

/// <summary>
/// The inner loop of <see cref="FixedPointSum"/>. What a double differs by from the whole number next to it is exact. Where no instruction makes an integer of a double, adding
/// 1.5 * 2^52 to one of at most 2^51 rounds it, and the whole number then stands in its lowest bits (Dekker 1971).
/// </summary>
internal static class SplitKernel
{
    /// <summary>How many bits the second place goes below the first.</summary>
    public const int LowBits = 50;

    /// <summary>How many bits a sum keeps when it is carried.</summary>
    public const int CarryBits = 40;

    private const double Rounder = 3L << 51;
    private const double LowUnits = 1L << LowBits;
    private static readonly long RounderBits = BitConverter.DoubleToInt64Bits(Rounder);

    /// <summary>What is told of the rest of a number that is neither in the first nor in the second place: its index, and the rest in units of the second.</summary>
    public delegate void Rest(int index, double rest);

    /// <summary>Moves what is above 40 bits from each sum to another.</summary>
    /// <param name="sums">Left with 0 to 2^40 - 1.</param>
    /// <param name="carries">Get the rest, in units of 2^40.</param>
    public static void Carry(Span<long> sums, Span<long> carries)
    {
        const long Kept = (1L << CarryBits) - 1;
        var i = 0;
        for (; i <= sums.Length - Vector<long>.Count; i += Vector<long>.Count)
        {
            var sum = new Vector<long>(sums[i..]);
            (new Vector<long>(carries[i..]) + (sum >> CarryBits)).CopyTo(carries[i..]);
            (sum & new Vector<long>(Kept)).CopyTo(sums[i..]);
        }

        for (; i < sums.Length; i++)
        {
            carries[i] += sums[i] >> CarryBits;
            sums[i] &= Kept;
        }
    }

    /// <summary>Adds <c>values * scale</c> to <c>high + low * 2^-50</c>.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="scale">A power of two times a whole number; with it, values are at most 2 to the power of <see cref="ProductBits"/>.</param>
    /// <param name="high">Sums of whole numbers.</param>
    /// <param name="low">Sums of what is below.</param>
    /// <param name="rest">Hears of what is further below.</param>
    public static void Add(ReadOnlySpan<float> values, double scale, Span<long> high, Span<long> low, Rest rest)
    {
        var done = Vector512.IsHardwareAccelerated ? AddWide(values, scale, high, low, rest) : AddAny(values, scale, high, low, rest);
        for (var i = done; i < values.Length; i++)
        {
            var product = values[i] * scale;
            var rounded = Math.Round(product);
            high[i] += (long)rounded;
            var below = (product - rounded) * LowUnits;
            var roundedBelow = Math.Round(below);
            low[i] += (long)roundedBelow;
            Tell(rest, i, below - roundedBelow);
        }
    }

    /// <summary>The largest product that may be added, as a power of two: one instruction converts 63 bits, where there is none 51 are converted by adding.</summary>
    public static int ProductBits => Vector512.IsHardwareAccelerated ? 57 : 51;

    private static int AddWide(ReadOnlySpan<float> values, double scale, Span<long> high, Span<long> low, Rest rest)
    {
        ref var source = ref MemoryMarshal.GetReference(values);
        ref var sums = ref MemoryMarshal.GetReference(high);
        var factor = Vector512.Create(scale);
        var i = 0;
        for (; i <= values.Length - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            var (first, second) = Vector512.Widen(Vector512.LoadUnsafe(ref source, (nuint)i));
            first *= factor;
            second *= factor;
            var (wholeFirst, wholeSecond) = (Vector512.Round(first), Vector512.Round(second));
            ref var at = ref Unsafe.Add(ref sums, i);
            (Vector512.LoadUnsafe(ref at) + Vector512.ConvertToInt64Native(wholeFirst)).StoreUnsafe(ref at);
            (Vector512.LoadUnsafe(ref at, 8) + Vector512.ConvertToInt64Native(wholeSecond)).StoreUnsafe(ref at, 8);
            if (!(Vector512.EqualsAll(first, wholeFirst) && Vector512.EqualsAll(second, wholeSecond)))
            {
                Below(first - wholeFirst, low.Slice(i, 8), rest, i);
                Below(second - wholeSecond, low.Slice(i + 8, 8), rest, i + 8);
            }
        }

        return i;
    }

    private static void Below(Vector512<double> part, Span<long> low, Rest rest, int index)
    {
        ref var at = ref MemoryMarshal.GetReference(low);
        part *= LowUnits;
        var whole = Vector512.Round(part);
        (Vector512.LoadUnsafe(ref at) + Vector512.ConvertToInt64Native(whole)).StoreUnsafe(ref at);
        part -= whole;
        if (!Vector512.EqualsAll(part, Vector512<double>.Zero))
        {
            for (var i = 0; i < Vector512<double>.Count; i++)
            {
                Tell(rest, index + i, part[i]);
            }
        }
    }

    private static int AddAny(ReadOnlySpan<float> values, double scale, Span<long> high, Span<long> low, Rest rest)
    {
        var width = Vector<double>.Count;
        var rounder = new Vector<double>(Rounder);
        var i = 0;
        for (; i <= values.Length - (2 * width); i += 2 * width)
        {
            Vector.Widen(new Vector<float>(values.Slice(i, 2 * width)), out var first, out var second);
            first *= scale;
            second *= scale;
            var (roundedFirst, roundedSecond) = (first + rounder, second + rounder);
            AddTo(high.Slice(i, width), roundedFirst);
            AddTo(high.Slice(i + width, width), roundedSecond);
            first -= roundedFirst - rounder;
            second -= roundedSecond - rounder;
            if (!Vector.EqualsAll(Vector.AsVectorInt64(first) | Vector.AsVectorInt64(second), Vector<long>.Zero))
            {
                Below(first, low.Slice(i, width), rest, i);
                Below(second, low.Slice(i + width, width), rest, i + width);
            }
        }

        return i;
    }

    private static void Below(Vector<double> part, Span<long> low, Rest rest, int index)
    {
        part *= LowUnits;
        var rounded = part + new Vector<double>(Rounder);
        AddTo(low, rounded);
        part -= rounded - new Vector<double>(Rounder);
        if (!Vector.EqualsAll(part, Vector<double>.Zero))
        {
            for (var i = 0; i < Vector<double>.Count; i++)
            {
                Tell(rest, index + i, part[i]);
            }
        }
    }

    private static void AddTo(Span<long> sums, Vector<double> rounded) =>
        (new Vector<long>(sums) + (Vector.AsVectorInt64(rounded) - new Vector<long>(RounderBits))).CopyTo(sums);

    private static void Tell(Rest rest, int index, double part)
    {
        if (part != 0)
        {
            rest(index, part);
        }
    }
}
