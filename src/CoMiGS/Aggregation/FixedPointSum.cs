using System.Numerics;

namespace CoMiGS.Aggregation;

/// <summary>
/// Exact weighted sums of float32 numbers. The product of a number and a weight below 2^29 is exact in double precision; its whole part in
/// units of 2^-56 goes into a 128-bit integer, and what is left, in units of 2^-149, into a second one that only exists once tiny numbers
/// (below about 1e-10) turn up. Integer addition is associative, so no order of updates changes a bit; the mean is rounded once.
/// </summary>
/// <remarks>
/// Room: numbers up to 2^20 and total weights below 2^51 stay below 2^(20 + 51 + 56) = 2^127; each rest is below 2^93, and there are
/// fewer than 2^31 of them.
/// </remarks>
internal sealed class FixedPointSum(int length)
{
    private const int UnitBits = 56;
    private const int RestBits = 93;
    private const double UnitsPerOne = 1L << UnitBits;

    private static readonly double RestsPerUnit = Math.ScaleB(1, RestBits);

    private readonly Int128[] _units = new Int128[length];
    private Int128[]? _rests;

    public void Add(ReadOnlySpan<float> values, long weight)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var scaled = (double)values[i] * weight * UnitsPerOne;
            var whole = Math.Truncate(scaled);
            _units[i] += (Int128)whole;
            if (scaled != whole)
            {
                _rests ??= new Int128[_units.Length];
                _rests[i] += (Int128)((scaled - whole) * RestsPerUnit);
            }
        }
    }

    public float[] Mean(long totalWeight)
    {
        var mean = new float[_units.Length];
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = _rests is { } rests && rests[i] != 0
                ? ExactDivision.Round(((BigInteger)_units[i] << RestBits) + rests[i], -(UnitBits + RestBits), totalWeight)
                : ExactDivision.Round(_units[i], -UnitBits, totalWeight);
        }

        return mean;
    }
}
