using System.Numerics;
using System.Runtime.CompilerServices;

namespace CoMiGS.Aggregation;

/// <summary>Quotients rounded once, to the nearest float32 and ties to even, however long their exact value is.</summary>
/// <remarks>
/// Rounding to double first would round twice. Instead the quotient is cut to 53 bits and its last bit set when anything was cut ("round to
/// odd", Boldo and Melquiond 2008): the one rounding to float32 that follows then sees on which side of a tie the exact value lies.
/// </remarks>
internal static class ExactDivision
{
    private const int KeptBits = 53;
    private const double Margin = 1.0 / (1L << 48); // many times what the few roundings of a double can be off
    private const long Plain = 1 << 20;

    /// <summary><c>(high + low * 2^-lowBits) * 2^exponent / divisor</c> for many sums at once.</summary>
    /// <param name="high">Whole numbers.</param>
    /// <param name="low">What is below, as many.</param>
    /// <param name="lowBits">How far it is below.</param>
    /// <param name="exponent">The power of two of the whole numbers.</param>
    /// <param name="divisor">Positive, below 2^51.</param>
    /// <param name="quotients">Gets the results.</param>
    public static void Round(ReadOnlySpan<long> high, ReadOnlySpan<long> low, int lowBits, int exponent, long divisor, Span<float> quotients)
    {
        var (width, step) = (Vector<double>.Count, Vector<float>.Count);
        var (lowUnit, unit) = (Math.ScaleB(1, -lowBits), Math.ScaleB(1, exponent));
        for (var i = 0; i < high.Length; i += step)
        {
            if (i + step <= high.Length)
            {
                var first = Quotient(high[i..], low[i..], lowUnit, divisor, out var firstIsExact, out var firstIsSure) * unit;
                var second = Quotient(high[(i + width)..], low[(i + width)..], lowUnit, divisor, out var secondIsExact, out var secondIsSure) * unit;
                var clear = Vector.Equals(Vector.Narrow(first * (1 - Margin), second * (1 - Margin)), Vector.Narrow(first * (1 + Margin), second * (1 + Margin)));
                if (Vector.EqualsAll(Vector.Narrow(firstIsExact, secondIsExact) | (clear & Vector.Narrow(firstIsSure, secondIsSure)), Vector<int>.AllBitsSet))
                {
                    Vector.Narrow(first, second).CopyTo(quotients[i..]);
                    continue;
                }
            }

            for (var one = i; one < Math.Min(i + step, high.Length); one++)
            {
                quotients[one] = Round(high[one], low[one], lowBits, exponent, divisor);
            }
        }
    }

    /// <summary><c>(high + low * 2^-lowBits) * 2^exponent / divisor</c>, in double precision wherever that leaves no doubt about the nearest float32.</summary>
    public static float Round(Int128 high, long low, int lowBits, int exponent, long divisor)
    {
        if (low == 0 || Int128.Abs(high) > Plain) // else the two might cancel, and leave the error of one
        {
            var quotient = ((double)high + Math.ScaleB(low, -lowBits)) / divisor * Math.ScaleB(1, exponent);
            var nearest = (float)(quotient * (1 - Margin));
            if (nearest == (float)(quotient * (1 + Margin)))
            {
                return nearest;
            }
        }

        return low == 0 ? Round(high, exponent, divisor) : Round(((BigInteger)high << lowBits) + low, exponent - lowBits, divisor);
    }

    /// <summary>Quotients in double precision.</summary>
    /// <param name="high">Whole numbers.</param>
    /// <param name="low">What is below, as many.</param>
    /// <param name="lowUnit">How far it is below.</param>
    /// <param name="divisor">The divisor.</param>
    /// <param name="isExact">Where nothing was rounded: the mean of a few devices that count the same is often half-way between two float32.</param>
    /// <param name="isSure">Where the two places cannot cancel, which would leave the error of one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Quotient(ReadOnlySpan<long> high, ReadOnlySpan<long> low, double lowUnit, double divisor, out Vector<long> isExact, out Vector<long> isSure)
    {
        var (whole, below, by) = (new Vector<long>(high), new Vector<long>(low), new Vector<double>(divisor));
        var isWhole = Vector.Equals(below, Vector<long>.Zero);
        isSure = isWhole | Vector.GreaterThan(Vector.Abs(whole), new Vector<long>(Plain));
        var sum = Vector.ConvertToDouble(whole) + (Vector.ConvertToDouble(below) * lowUnit);
        var quotient = sum / by;
        isExact = isWhole & Vector.Equals(Vector.ConvertToInt64(sum), whole) & Vector.Equals(Vector.FusedMultiplyAdd(quotient, by, -sum), Vector<double>.Zero);
        return quotient;
    }

    /// <summary><c>numerator * 2^exponent / divisor</c>.</summary>
    public static float Round(Int128 numerator, int exponent, long divisor)
    {
        var quotient = Magnitude((UInt128)Int128.Abs(numerator), exponent, divisor, inexact: false);
        return numerator < 0 ? -quotient : quotient;
    }

    /// <summary><c>numerator * 2^exponent / divisor</c>.</summary>
    public static float Round(BigInteger numerator, int exponent, long divisor)
    {
        var magnitude = BigInteger.Abs(numerator);
        var excess = Math.Max(0, (int)magnitude.GetBitLength() - 128);
        var leading = magnitude >> excess;
        var quotient = Magnitude((UInt128)leading, exponent + excess, divisor, inexact: leading << excess != magnitude);
        return numerator.Sign < 0 ? -quotient : quotient;
    }

    /// <param name="numerator">Full 128 bits when <paramref name="inexact"/>, so that what was cut stays below one unit.</param>
    /// <param name="exponent">The power of two of its unit.</param>
    /// <param name="divisor">Positive.</param>
    /// <param name="inexact">Whether bits below the numerator were cut.</param>
    private static float Magnitude(UInt128 numerator, int exponent, long divisor, bool inexact)
    {
        if (numerator == 0)
        {
            return 0;
        }

        var shift = (int)UInt128.LeadingZeroCount(numerator);
        var (quotient, remainder) = UInt128.DivRem(numerator << shift, (UInt128)divisor);
        var cut = 128 - (int)UInt128.LeadingZeroCount(quotient) - KeptBits;
        var kept = (ulong)(quotient >> cut);
        if (inexact || remainder != 0 || (UInt128)kept << cut != quotient)
        {
            kept |= 1;
        }

        return (float)Math.ScaleB(kept, exponent - shift + cut);
    }
}
