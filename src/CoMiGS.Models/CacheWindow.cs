namespace CoMiGS.Models;

/// <summary>Where one pass writes into a <see cref="KeyValueCache"/>: row b continues at its own length with its own number of tokens, the rest of its columns is padding.</summary>
/// <remarks>
/// The slot of a token is its position. So a token may look at the slots up to its position, whatever the other rows did, and what padding or an earlier text left
/// in the slots behind it is never seen before it is overwritten.
/// </remarks>
internal sealed class CacheWindow
{
    private readonly IReadOnlyList<int> _starts;
    private readonly IReadOnlyList<int> _counts;

    /// <param name="starts">Tokens that each row holds already.</param>
    /// <param name="counts">Tokens that each row adds, at most <paramref name="columns"/>.</param>
    /// <param name="columns">T.</param>
    public CacheWindow(IReadOnlyList<int> starts, IReadOnlyList<int> counts, int columns)
    {
        (_starts, _counts, Columns) = (starts, counts, columns);
        Start = starts.Distinct().Count() == 1 && counts.All(c => c == columns) ? starts[0] : null;
        End = starts.Zip(counts, (s, c) => s + c).Max();
    }

    /// <summary>B.</summary>
    public int Rows => _starts.Count;

    /// <summary>T.</summary>
    public int Columns { get; }

    /// <summary>The slot at which all rows continue, or null where they differ or some column is padding.</summary>
    public int? Start { get; }

    /// <summary>S, one more than the last slot in use after this pass.</summary>
    public int End { get; }

    /// <summary>(B, T): padding stands where the last token of its row stands, so that it sees something.</summary>
    public long[] Positions => [.. Each((start, count, column) => Math.Max(0, start + Math.Min(column, count - 1)))];

    /// <summary>(B, T): padding goes to <paramref name="spill"/>.</summary>
    public long[] Slots(int spill) => [.. Each((start, count, column) => column < count ? start + column : spill)];

    private IEnumerable<long> Each(Func<int, int, int, long> value) =>
        from row in Enumerable.Range(0, Rows)
        from column in Enumerable.Range(0, Columns)
        select value(_starts[row], _counts[row], column);
}
