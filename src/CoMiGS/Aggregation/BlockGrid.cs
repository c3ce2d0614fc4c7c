namespace CoMiGS.Aggregation;

/// <summary>What the integers of a block of sums count: multiples of a power of two. The default is a block to which nothing was added.</summary>
internal struct BlockGrid
{
    private const int SpareBits = 2;
    private const int SumBits = 62;
    private const int MostRests = 1 << 12; // 2^12 * 2^49 = 2^61
    private const int SmallestUnit = -149; // of float32 itself, and of its products with whole numbers
    private bool _isSet;
    private int _room;
    private int _left;

    /// <summary>So many of the largest products stay below 2^62, and what a carry leaves does not matter beside them.</summary>
    private static int MostAdditions => 1 << (SumBits - 1 - SplitKernel.ProductBits);

    /// <summary>The power of two.</summary>
    public int Unit { get; private init; }

    /// <summary>Whether nothing was added yet.</summary>
    public readonly bool IsEmpty => !_isSet;

    /// <summary>A grid with room for these products, and for four times larger ones; the default if all are zero.</summary>
    /// <param name="values">Numbers of at most <see cref="AggregationLimits.MaximumMagnitude"/>.</param>
    /// <param name="weight">Not zero, below 2^29.</param>
    public static BlockGrid For(ReadOnlySpan<float> values, long weight)
    {
        var most = 0f;
        foreach (var value in values)
        {
            most = MathF.Max(most, MathF.Abs(value));
        }

        return most == 0
            ? default
            : new BlockGrid { _isSet = true, _room = MostAdditions, _left = MostRests, Unit = Math.Max(Math.ILogB((double)most * weight) + 1 + SpareBits - SplitKernel.ProductBits, SmallestUnit) };
    }

    /// <summary>The largest magnitude that can be added with this weight; negative when nothing can.</summary>
    public readonly float Largest(long weight) => _left == 0
        ? -1
        : MathF.Min(MathF.BitDecrement((float)(Math.ScaleB(1, SplitKernel.ProductBits + Unit) / Math.Abs(weight))), AggregationLimits.MaximumMagnitude);

    /// <summary>Counts an addition.</summary>
    /// <returns>Whether the sums have to be carried before it.</returns>
    public bool Count()
    {
        _left--;
        var full = _room == 0;
        _room = (full ? MostAdditions : _room) - 1;
        return full;
    }
}
