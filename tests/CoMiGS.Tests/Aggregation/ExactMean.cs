using System.Numerics;

namespace CoMiGS.Tests.Aggregation;

/// <summary>Judges a mean by integer arithmetic alone: every float32 is a whole number of 2^-149.</summary>
internal static class ExactMean
{
    /// <summary>Whether no float32 is closer to <c>sum w x / sum w</c>, and a tie went to the even one.</summary>
    public static bool IsNearest(float mean, IReadOnlyList<(float Value, long Weight)> terms)
    {
        var total = terms.Aggregate(BigInteger.Zero, (sum, term) => sum + term.Weight);
        var exact = terms.Aggregate(BigInteger.Zero, (sum, term) => sum + (Whole(term.Value) * term.Weight));
        var distance = Distance(mean);
        var below = Distance(MathF.BitDecrement(mean));
        var above = Distance(MathF.BitIncrement(mean));
        var even = (BitConverter.SingleToInt32Bits(mean) & 1) == 0;
        return even ? distance <= below && distance <= above : distance < below && distance < above;

        BigInteger Distance(float candidate) => BigInteger.Abs((Whole(candidate) * total) - exact);
    }

    private static BigInteger Whole(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        var exponent = (bits >> 23) & 0xFF;
        var fraction = bits & 0x7FFFFF;
        var magnitude = exponent == 0 ? fraction : (BigInteger)(fraction | 0x800000) << (exponent - 1);
        return bits < 0 ? -magnitude : magnitude;
    }
}
