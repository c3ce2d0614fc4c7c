using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CoMiGS.Aggregation;

/// <summary>
/// The inner loops of <see cref="FixedPointSum"/>. What a double differs by from the whole number next to it is exact. Where no instruction makes an integer of a double, adding
/// 1.5 * 2^52 to one of at most 2^51 puts the whole number into its lowest bits (Dekker 1971).
/// </summary>
internal static class SplitKernel
{
    /// <summary>How many bits the second place goes below the first.</summary>
    public const int LowBits = 50;

    /// <summary>How many bits a sum keeps when it is carried.</summary>
    public const int CarryBits = 40;

    /// <summary>Numbers of which is known together whether something is left of them.</summary>
    public const int Tile = 64;

    private const int AheadBytes = 4096;
    private const int MagnitudeBits = int.MaxValue;
    private const double Rounder = 3L << 51;
    private const double LowUnits = 1L << LowBits;
    private static readonly long RounderBits = BitConverter.DoubleToInt64Bits(Rounder);

    /// <summary>What is told of the rest of a number that is neither in the first nor in the second place: its index, and the rest in units of the second.</summary>
    public delegate void Rest(int index, double rest);

    /// <summary>The largest product that may be added, as a power of two: one instruction converts 63 bits, where there is none 51 are converted by adding.</summary>
    public static int ProductBits => Converts ? 57 : 51;

    /// <summary>That product.</summary>
    public static double LargestProduct => 1L << ProductBits;

    private static bool Converts => Avx512DQ.VL.IsSupported;

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

    /// <summary>Adds <c>values * scale</c>, each rounded to a whole number. Adding the same with the opposite scale undoes it, also where a product does not fit and made nonsense of its sum.</summary>
    /// <param name="values">At most 64 tiles of numbers.</param>
    /// <param name="scale">A power of two times a whole number.</param>
    /// <param name="sums">Sums of whole numbers.</param>
    /// <param name="inexact">Bit i is set if something may be left of the numbers of tile i.</param>
    /// <returns>The largest magnitude of the numbers; NaN if one is not a number.</returns>
    public static float Add(ReadOnlySpan<float> values, double scale, Span<long> sums, out ulong inexact)
    {
        var done = Converts ? AddWide(values, scale, sums, out var most, out inexact) : AddAny(values, scale, sums, out most, out inexact);
        for (var i = done; i < values.Length; i++)
        {
            most = Math.Max(most, BitConverter.SingleToInt32Bits(values[i]) & MagnitudeBits);
            var product = values[i] * scale;
            var whole = Math.Abs(product) <= LargestProduct ? Math.Round(product) : 0;
            sums[i] += (long)whole;
            inexact |= whole == product ? 0 : 1UL << (i / Tile);
        }

        return BitConverter.Int32BitsToSingle(most); // magnitudes are ordered as their bits are, and NaN is beyond all
    }

    /// <summary>Adds what <see cref="Add"/> left, in units of 2^-50.</summary>
    /// <param name="values">Numbers whose products fit.</param>
    /// <param name="scale">As it was there.</param>
    /// <param name="low">Sums of what is below.</param>
    /// <param name="rest">Hears of what is further below.</param>
    public static void AddBelow(ReadOnlySpan<float> values, double scale, Span<long> low, Rest rest)
    {
        var width = Vector<double>.Count;
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var first, out var second);
            AddBelow(first * scale, low.Slice(i, width), rest, i);
            AddBelow(second * scale, low.Slice(i + width, width), rest, i + width);
        }

        for (; i < values.Length; i++)
        {
            var product = values[i] * scale;
            var below = (product - Math.Round(product)) * LowUnits;
            var whole = Math.Round(below);
            low[i] += (long)whole;
            Tell(rest, i, below - whole);
        }
    }

    private static void AddBelow(Vector<double> products, Span<long> low, Rest rest, int index)
    {
        var below = (products - Vector.Round(products)) * LowUnits;
        var whole = Vector.Round(below);
        (new Vector<long>(low) + ToIntegers(whole)).CopyTo(low);
        below -= whole;
        if (!Vector.EqualsAll(below, Vector<double>.Zero))
        {
            for (var i = 0; i < Vector<double>.Count; i++)
            {
                Tell(rest, index + i, below[i]);
            }
        }
    }

    /// <summary>A product that does not fit becomes the least integer; so does its opposite, and the two add up to zero.</summary>
    private static int AddWide(ReadOnlySpan<float> values, double scale, Span<long> sums, out int most, out ulong inexact)
    {
        ref var source = ref MemoryMarshal.GetReference(values);
        ref var target = ref MemoryMarshal.GetReference(sums);
        var factor = Vector512.Create(scale);
        var largest = Vector512<int>.Zero;
        var end = (nuint)(values.Length & -Vector512<float>.Count);
        inexact = 0;
        for (nuint i = 0, tile = 0; i < end; tile++)
        {
            var left = Vector512<double>.Zero;
            for (var tileEnd = nuint.Min(i + Tile, end); i < tileEnd; i += (nuint)Vector512<float>.Count)
            {
                LoadAhead(ref Unsafe.Add(ref source, i));
                LoadAhead(ref Unsafe.Add(ref target, i));
                LoadAhead(ref Unsafe.Add(ref target, i + 8));
                var numbers = Vector512.LoadUnsafe(ref source, i);
                largest = Vector512.Max(largest, numbers.AsInt32() & Vector512.Create(MagnitudeBits));
                var first = Vector512.WidenLower(numbers) * factor;
                var second = Vector512.WidenUpper(numbers) * factor;
                var wholeFirst = Avx512DQ.ConvertToVector512Int64(first);
                var wholeSecond = Avx512DQ.ConvertToVector512Int64(second);
                (Vector512.LoadUnsafe(ref target, i) + wholeFirst).StoreUnsafe(ref target, i);
                (Vector512.LoadUnsafe(ref target, i + 8) + wholeSecond).StoreUnsafe(ref target, i + 8);
                left |= (first - Avx512DQ.ConvertToVector512Double(wholeFirst)) | (second - Avx512DQ.ConvertToVector512Double(wholeSecond));
            }

            inexact |= Vector512.EqualsAll(left, Vector512<double>.Zero) ? 0 : 1UL << (int)tile;
        }

        most = 0;
        for (var i = 0; i < Vector512<int>.Count; i++)
        {
            most = Math.Max(most, largest[i]);
        }

        return (int)end;
    }

    /// <summary>The processor looks ahead as far as its instructions reach, which is not far enough for memory, and not over the end of a page.</summary>
    private static unsafe void LoadAhead<T>(ref T at) => Sse.Prefetch0((byte*)Unsafe.AsPointer(ref at) + AheadBytes);

    private static int AddAny(ReadOnlySpan<float> values, double scale, Span<long> sums, out int most, out ulong inexact)
    {
        var width = Vector<double>.Count;
        var largest = Vector<int>.Zero;
        inexact = 0;
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var numbers = new Vector<float>(values[i..]);
            largest = Vector.Max(largest, Vector.AsVectorInt32(numbers) & new Vector<int>(MagnitudeBits));
            Vector.Widen(numbers, out var first, out var second);
            var exact = AddTo(sums.Slice(i, width), first * scale) & AddTo(sums.Slice(i + width, width), second * scale);
            inexact |= exact ? 0 : 1UL << (i / Tile);
        }

        most = 0;
        for (var lane = 0; lane < Vector<int>.Count; lane++)
        {
            most = Math.Max(most, largest[lane]);
        }

        return i;
    }

    /// <returns>Whether nothing is left of the products.</returns>
    private static bool AddTo(Span<long> sums, Vector<double> products)
    {
        var whole = Vector.ConditionalSelect(Vector.LessThanOrEqual(Vector.Abs(products), new Vector<double>(LargestProduct)), Vector.Round(products), Vector<double>.Zero);
        (new Vector<long>(sums) + ToIntegers(whole)).CopyTo(sums);
        return Vector.EqualsAll(whole, products);
    }

    private static Vector<long> ToIntegers(Vector<double> whole) =>
        Converts ? Vector.ConvertToInt64Native(whole) : Vector.AsVectorInt64(whole + new Vector<double>(Rounder)) - new Vector<long>(RounderBits);

    private static void Tell(Rest rest, int index, double part)
    {
        if (part != 0)
        {
            rest(index, part);
        }
    }
}
