using System.Numerics;

namespace CoMiGS.Models.Tokenizers;

/// <summary>What two neighbouring tokens become, and how early.</summary>
internal sealed class MergeTable
{
    private const ulong Free = ulong.MaxValue; // no pair: ids are not negative

    private readonly ulong[] _pairs;
    private readonly (int Rank, int Result)[] _merges;
    private readonly int _shift;

    /// <param name="merges">Pairs in order of rank. Of equal pairs the last one counts.</param>
    public MergeTable(IReadOnlyList<(int Left, int Right, int Result)> merges)
    {
        var slots = BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, merges.Count * 2));
        _shift = 64 - BitOperations.Log2(slots);
        _pairs = new ulong[slots];
        _merges = new (int, int)[slots];
        Array.Fill(_pairs, Free);
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var pair = Pair(merges[rank].Left, merges[rank].Right);
            var slot = Slot(pair);
            _pairs[slot] = pair;
            _merges[slot] = (rank, merges[rank].Result);
        }
    }

    /// <summary>The rank and the result of a pair; rank <see cref="int.MaxValue"/> if it does not merge.</summary>
    public (int Rank, int Result) Find(int left, int right)
    {
        var slot = Slot(Pair(left, right));
        return _pairs[slot] == Free ? (int.MaxValue, -1) : _merges[slot];
    }

    private static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    // Linear probing: the slot of the pair, or the free one where it would stand.
    private int Slot(ulong pair)
    {
        var slot = (int)((pair * 0x9E3779B97F4A7C15) >> _shift);
        while (_pairs[slot] != pair && _pairs[slot] != Free)
        {
            slot = (slot + 1) & (_pairs.Length - 1);
        }

        return slot;
    }
}
