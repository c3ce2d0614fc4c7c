using System.Numerics;

namespace CoMiGS.Aggregation;

/// <summary>
/// Exact sums with room for all that <see cref="AggregationLimits"/> allow: 128-bit integers in units of 2^-56 and, once something smaller turns up, others in units of 2^-149,
/// the smallest there is.
/// </summary>
/// <remarks>
/// Room: numbers up to 2^20 and total weights below 2^51 stay below 2^(20 + 51 + 56) = 2^127; each rest is below 2^93, and there are fewer than 2^31 of them.
/// </remarks>
internal sealed class WideSum(int length)
{
    private const int UnitBits = 56;
    private const int RestBits = 93;
    private const int Smallest = -(UnitBits + RestBits);
    private readonly Int128[] _units = new Int128[length];
    private Int128[]? _rests;

    /// <summary>Adds <c>value * 2^exponent</c>.</summary>
    public void Add(int index, long value, int exponent)
    {
        var cut = -UnitBits - exponent;
        if (value == 0)
        {
            return;
        }

        if (cut <= 0)
        {
            _units[index] += (Int128)value << -cut;
            return;
        }

        var whole = cut < 64 ? value >> cut : 0;
        _units[index] += whole;
        Rest(index, value - ((Int128)whole << Math.Min(cut, 63)), exponent);
    }

    /// <summary>Adds <c>rest * 2^exponent</c> for a rest of at most a half.</summary>
    public void AddRest(int index, double rest, int exponent) => Rest(index, (Int128)Math.ScaleB(rest, exponent - Smallest), Smallest);

    /// <summary>A sum over <paramref name="divisor"/>, rounded once.</summary>
    public float Over(long divisor, int index) => _rests is { } rests && rests[index] != 0
        ? ExactDivision.Round(((BigInteger)_units[index] << RestBits) + rests[index], Smallest, divisor)
        : ExactDivision.Round(_units[index], -UnitBits, divisor);

    /// <summary>Nothing is lost by shifting right: no product has a bit below the smallest.</summary>
    private void Rest(int index, Int128 value, int exponent)
    {
        if (value != 0)
        {
            _rests ??= new Int128[_units.Length];
            _rests[index] += exponent >= Smallest ? value << (exponent - Smallest) : value >> (Smallest - exponent);
        }
    }
}
