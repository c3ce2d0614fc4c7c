using System.Numerics;

namespace CoMiGS.Aggregation;

/// <summary>What the integers of a block of sums count: multiples of a power of two. The default is a block to which nothing was added.</summary>
internal struct BlockGrid
{
    private const int SpareBits = 2;
    private const int KeptBits = 24 + 18; // those of a float32, and some for numbers that are smaller than the largest
    private const int SumBits = 62;
    private const int MostRests = 1 << 12; // 2^12 * 2^49 = 2^61
    private const int SmallestUnit = -149; // of float32 itself, and of its products with whole numbers
    private long _room;
    private int _rests;

    /// <summary>The power of two.</summary>
    public int Unit { get; private init; }

    /// <summary>Whether nothing was added yet.</summary>
    public readonly bool IsEmpty => _rests == 0;

    /// <summary>Whether nothing can be added before the block is begun anew.</summary>
    public readonly bool IsClosed => _rests is 0 or 1;

    /// <summary>Whether sums have to be carried before the largest products are added to them.</summary>
    public readonly bool IsFull => _room < 1L << (SplitKernel.ProductBits + 1);

    /// <summary>A grid with room for these products, and for larger ones; the default if all are zero.</summary>
    /// <param name="values">Numbers of at most <see cref="AggregationLimits.MaximumMagnitude"/>.</param>
    /// <param name="weight">Not zero, below 2^29.</param>
    public static BlockGrid For(ReadOnlySpan<float> values, long weight)
    {
        var most = 0f;
        foreach (var value in values)
        {
            most = MathF.Max(most, MathF.Abs(value));
        }

        if (most == 0)
        {
            return default;
        }

        var bits = Math.Min(SplitKernel.ProductBits - SpareBits, KeptBits + BitOperations.Log2((ulong)Math.Abs(weight)));
        return new BlockGrid { _room = 1L << SumBits, _rests = MostRests + 1, Unit = Math.Max(Math.ILogB((double)most * weight) + 1 - bits, SmallestUnit) };
    }

    /// <summary>Counts an addition to the sums, none of whose products is larger than <paramref name="largest"/> units.</summary>
    public void Count(double largest) => _room -= (long)largest + 1;

    /// <summary>Counts an addition to the second place.</summary>
    public void CountRests() => _rests--;

    /// <summary>The sums were carried; what that leaves of them does not matter beside the room that is kept free.</summary>
    public void EmptySums() => _room = 1L << SumBits;
}
