namespace CoMiGS.Aggregation;

/// <summary>
/// Exact weighted sums of float32 numbers, about as fast as memory allows. The product p of a number and a weight below 2^29 has 53 bits at most, so a double holds it. It
/// is split without an error over whole numbers in three places:
/// <code>
///   p = h 2^u + l 2^(u - 50) + r      |h| at most 2^57, |l| at most 2^49, |r| at most 2^(u - 51)
/// </code>
/// h goes into a 64-bit integer, whose upper bits are carried to another after every 2^4 additions (2^4 * 2^57 = 2^61), and l, where there is one, into a third; r, which only
/// numbers have that are far smaller than their neighbours, goes into a <see cref="WideSum"/>. Integer addition is associative, so no order of updates changes a bit; the mean
/// is rounded once.
/// </summary>
/// <remarks>
/// u is common to a block of numbers, and such that the products seen so far fit, with room for four times larger ones. Before a larger product, the block's integers
/// move to the <see cref="WideSum"/>: what the places mean may change at any time, what they add up to may not. So they do after 2^12 additions, for the third place.
/// </remarks>
internal sealed class FixedPointSum(int length)
{
    private const int Block = 1024;

    private readonly long[] _high = new long[length];
    private readonly long[] _low = new long[length];
    private readonly BlockGrid[] _grids = new BlockGrid[(length + Block - 1) / Block];
    private long[]? _carried;
    private WideSum? _wide;
    private SplitKernel.Rest? _addRest; // made once, and told by the next two where it is: a closure for every block would be garbage
    private int _restAt;
    private int _restUnit;

    /// <summary>Adds all or nothing.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="weight">Below 2^29; a negative one takes away what was added before.</param>
    /// <returns>False, with nothing added, if a number is not finite or beyond <see cref="AggregationLimits.MaximumMagnitude"/>.</returns>
    public bool TryAdd(ReadOnlySpan<float> values, long weight)
    {
        for (var block = 0; block < _grids.Length; block++)
        {
            if (!TryAdd(block, Part(values, block), weight))
            {
                for (var added = 0; added < block; added++)
                {
                    TryAdd(added, Part(values, added), -weight);
                }

                return false;
            }
        }

        return true;
    }

    /// <summary>The sums over <paramref name="totalWeight"/>, each the float32 nearest to the exact one.</summary>
    public float[] Mean(long totalWeight)
    {
        var mean = new float[_high.Length];
        for (var block = 0; block < _grids.Length; block++)
        {
            if (_wide is not null)
            {
                Empty(block);
            }

            var unit = _grids[block].Unit;
            var end = Math.Min((block + 1) * Block, mean.Length);
            for (var i = block * Block; i < end; i++)
            {
                mean[i] = _wide?.Over(totalWeight, i) ?? ExactDivision.Round(High(i), _low[i], SplitKernel.LowBits, unit, totalWeight);
            }
        }

        return mean;
    }

    private Int128 High(int i) => _carried is null ? _high[i] : ((Int128)_carried[i] << SplitKernel.CarryBits) + _high[i];

    private static ReadOnlySpan<float> Part(ReadOnlySpan<float> values, int block) => values[(block * Block)..Math.Min((block + 1) * Block, values.Length)];

    private bool TryAdd(int block, ReadOnlySpan<float> values, long weight)
    {
        if (AggregationLimits.FirstBeyond(values, _grids[block].Largest(weight)) >= 0)
        {
            if (AggregationLimits.FirstBeyond(values, AggregationLimits.MaximumMagnitude) >= 0)
            {
                return false;
            }

            var grid = BlockGrid.For(values, weight);
            if (grid.IsEmpty)
            {
                return true; // zeros
            }

            if (!_grids[block].IsEmpty)
            {
                _wide ??= new WideSum(_high.Length);
                Empty(block);
            }

            _grids[block] = grid;
        }

        var (at, unit) = (block * Block, _grids[block].Unit);
        if (_grids[block].Count())
        {
            SplitKernel.Carry(_high.AsSpan(at, values.Length), (_carried ??= new long[_high.Length]).AsSpan(at, values.Length));
        }

        (_restAt, _restUnit) = (at, unit - SplitKernel.LowBits);
        SplitKernel.Add(values, Math.ScaleB(weight, -unit), _high.AsSpan(at, values.Length), _low.AsSpan(at, values.Length), _addRest ??= AddRest);
        return true;
    }

    private void AddRest(int index, double rest) => (_wide ??= new WideSum(_high.Length)).AddRest(_restAt + index, rest, _restUnit);

    /// <summary>Moves a block's integers to where there is more room.</summary>
    private void Empty(int block)
    {
        var end = Math.Min((block + 1) * Block, _high.Length);
        var unit = _grids[block].Unit;
        for (var i = block * Block; i < end; i++)
        {
            if (_carried is not null)
            {
                _wide!.Add(i, _carried[i], unit + SplitKernel.CarryBits);
                _carried[i] = 0;
            }

            _wide!.Add(i, _high[i], unit);
            _wide.Add(i, _low[i], unit - SplitKernel.LowBits);
            (_high[i], _low[i]) = (0, 0);
        }

        _grids[block] = default;
    }
}
