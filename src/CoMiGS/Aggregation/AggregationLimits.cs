using System.Numerics;

namespace CoMiGS.Aggregation;

/// <summary>What an update may hold so that sums of updates are exact.</summary>
public static class AggregationLimits
{
    /// <summary>The largest magnitude of a number in an update; a trained adapter stays far below it.</summary>
    /// <value>1048576 (2^20)</value>
    public const float MaximumMagnitude = 1 << 20;

    /// <summary>The largest scale of an adapter, and 1 over the smallest: strategies multiply and divide by it, and what comes of that must be finite.</summary>
    /// <value>1048576 (2^20)</value>
    public const double MaximumScale = 1 << 20;

    /// <summary>The largest sample count of a device: its product with a float32 number is exact in double precision.</summary>
    /// <value>536870911 (2^29 - 1)</value>
    public const long MaximumSamples = (1L << 29) - 1;

    /// <summary>The largest sum of all weights in a round.</summary>
    /// <value>2251799813685247 (2^51 - 1), which 4 million devices of the largest size make up.</value>
    public const long MaximumTotalWeight = (1L << 51) - 1;

    /// <summary>The first number that is not finite or larger than <paramref name="magnitude"/>.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="magnitude">The largest magnitude allowed.</param>
    /// <returns>Its index; -1 when there is none.</returns>
    public static int FirstBeyond(ReadOnlySpan<float> values, float magnitude)
    {
        var i = 0;
        var bound = new Vector<float>(magnitude);
        while (i <= values.Length - Vector<float>.Count && Vector.LessThanOrEqualAll(Vector.Abs(new Vector<float>(values[i..])), bound))
        {
            i += Vector<float>.Count;
        }

        for (; i < values.Length; i++)
        {
            if (!(Math.Abs(values[i]) <= magnitude)) // NaN compares false
            {
                return i;
            }
        }

        return -1;
    }
}
