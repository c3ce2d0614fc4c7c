using System.Buffers;
using System.Numerics;
using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>
/// Exact weighted sums of float32 numbers, about as fast as memory allows. The product p of a number and a weight below 2^29 has 53 bits at most, so a double holds it. It
/// is split without an error over whole numbers in three places:
/// <code>
///   p = h 2^u + l 2^(u - 50) + r      |h| at most 2^57, |l| at most 2^49, |r| at most 2^(u - 51)
/// </code>
/// h goes into a 64-bit integer, whose upper bits are carried to another before they run out; l, where there is one, into a third; r, which only
/// numbers have that are far smaller than their neighbours, goes into a <see cref="WideSum"/>. Integer addition is associative, so no order of updates changes a bit; the mean
/// is rounded once.
/// </summary>
/// <remarks>
/// u is common to a block of numbers, and such that the products seen so far fit, with room for larger ones. Before a product that does not fit, the block's integers
/// move to the <see cref="WideSum"/>: what the places mean may change at any time, what they add up to may not. So they do after 2^12 additions to the third place.
/// </remarks>
internal sealed class FixedPointSum(int length)
{
    private const int Block = 1024;

    private readonly long[] _high = SpareArrays.Take(length);
    private readonly long[] _low = SpareArrays.Take(length);
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

    /// <summary>The sums over a weight, each the float32 nearest to the exact one. The last thing that is done here: the next sum gets the memory.</summary>
    /// <param name="spec">What the sums are of.</param>
    /// <param name="totalWeight">The weight.</param>
    public NamedTensor Mean(TensorSpec spec, long totalWeight)
    {
        var buffer = ArrayPool<float>.Shared.Rent(length);
        var mean = buffer.AsSpan(0, length);
        Divide(totalWeight, mean);
        var tensor = NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), mean);
        ArrayPool<float>.Shared.Return(buffer);
        foreach (var array in new[] { _high, _low, _carried }.OfType<long[]>())
        {
            SpareArrays.Give(array);
        }

        return tensor;
    }

    private void Divide(long totalWeight, Span<float> mean)
    {
        for (var block = 0; block < _grids.Length; block++)
        {
            if (_wide is not null)
            {
                Empty(block);
            }

            var part = (block * Block)..Math.Min((block + 1) * Block, length);
            if (_wide is null && _carried is null)
            {
                ExactDivision.Round(_high.AsSpan(part), _low.AsSpan(part), SplitKernel.LowBits, _grids[block].Unit, totalWeight, mean[part]);
                continue;
            }

            for (var i = part.Start.Value; i < part.End.Value; i++)
            {
                mean[i] = _wide?.Over(totalWeight, i) ?? ExactDivision.Round(High(i), _low[i], SplitKernel.LowBits, _grids[block].Unit, totalWeight);
            }
        }
    }

    private Int128 High(int i) => ((Int128)_carried![i] << SplitKernel.CarryBits) + _high[i];

    private static ReadOnlySpan<float> Part(ReadOnlySpan<float> values, int block) => values[(block * Block)..Math.Min((block + 1) * Block, values.Length)];

    private bool TryAdd(int block, ReadOnlySpan<float> values, long weight)
    {
        ref var grid = ref _grids[block];
        var at = block * Block;
        var sums = _high.AsSpan(at, values.Length);
        if (grid.IsFull && !grid.IsClosed)
        {
            SplitKernel.Carry(sums, (_carried ??= SpareArrays.Take(length)).AsSpan(at, values.Length));
            grid.EmptySums();
        }

        if (grid.IsClosed || !TryAdd(ref grid, values, weight, sums, out var inexact))
        {
            if (AggregationLimits.FirstBeyond(values, AggregationLimits.MaximumMagnitude) >= 0)
            {
                return false;
            }

            var other = BlockGrid.For(values, weight);
            if (other.IsEmpty)
            {
                return true; // zeros
            }

            if (!grid.IsEmpty)
            {
                _wide ??= new WideSum(length);
                Empty(block);
            }

            grid = other;
            TryAdd(ref grid, values, weight, sums, out inexact);
        }

        if (inexact != 0)
        {
            grid.CountRests();
            AddBelow(at, grid.Unit, values, weight, inexact);
        }

        return true;
    }

    /// <summary>Adds to the first place what fits, or nothing.</summary>
    private static bool TryAdd(ref BlockGrid grid, ReadOnlySpan<float> values, long weight, Span<long> sums, out ulong inexact)
    {
        var scale = Math.ScaleB(weight, -grid.Unit);
        var most = SplitKernel.Add(values, scale, sums, out inexact);
        var largest = most * Math.Abs(scale);
        if (most <= AggregationLimits.MaximumMagnitude && largest <= SplitKernel.LargestProduct)
        {
            grid.Count(largest);
            return true;
        }

        SplitKernel.Add(values, -scale, sums, out _);
        return false;
    }

    private void AddBelow(int at, int unit, ReadOnlySpan<float> values, long weight, ulong inexact)
    {
        var scale = Math.ScaleB(weight, -unit);
        for (; inexact != 0; inexact &= inexact - 1)
        {
            var from = BitOperations.TrailingZeroCount(inexact) * SplitKernel.Tile;
            var to = Math.Min(from + SplitKernel.Tile, values.Length);
            (_restAt, _restUnit) = (at + from, unit - SplitKernel.LowBits);
            SplitKernel.AddBelow(values[from..to], scale, _low.AsSpan(at + from, to - from), _addRest ??= AddRest);
        }
    }

    private void AddRest(int index, double rest) => (_wide ??= new WideSum(length)).AddRest(_restAt + index, rest, _restUnit);

    /// <summary>Moves a block's integers to where there is more room.</summary>
    private void Empty(int block)
    {
        var end = Math.Min((block + 1) * Block, length);
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
