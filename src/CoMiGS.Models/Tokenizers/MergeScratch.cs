namespace CoMiGS.Models.Tokenizers;

/// <summary>Merges one row of tokens; keeps its buffers for the next.</summary>
/// <remarks>Short rows are searched for the best pair again and again; long ones keep their pairs in a queue, so that a word of n bytes takes n log n steps.</remarks>
internal sealed class MergeScratch
{
    private const int LongestSearched = 32;
    private const int Gone = -1;
    private const int LargestKept = 1 << 16;

    private readonly PriorityQueue<int, long> _queue = new();
    private byte[] _bytes = [];
    private char[] _characters = [];
    private int[] _tokens = new int[LongestSearched];
    private int[] _next = [];
    private int[] _previous = [];
    private int _count;

    /// <summary>Whether the buffers are small enough to be kept for later texts.</summary>
    public bool IsSmall => _bytes.Length <= LargestKept;

    /// <summary>Room for bytes.</summary>
    public Span<byte> Bytes(int length) => Room(ref _bytes, length);

    /// <summary>Room for characters.</summary>
    public Span<char> Characters(int length) => Room(ref _characters, length);

    /// <summary>Begins a row of at most so many tokens.</summary>
    public void Start(int most)
    {
        _ = Room(ref _tokens, most);
        _count = 0;
    }

    /// <summary>Puts a token at the end of the row.</summary>
    public void Add(int token) => _tokens[_count++] = token;

    /// <summary>A row of one token.</summary>
    public ReadOnlySpan<int> Single(int token)
    {
        Start(1);
        Add(token);
        return _tokens.AsSpan(0, 1);
    }

    /// <summary>Merges until no pair of the row merges: always the pair of lowest rank, the leftmost of equals.</summary>
    public ReadOnlySpan<int> Merge(MergeTable merges)
    {
        if (_count <= LongestSearched)
        {
            Search(merges);
        }
        else
        {
            Queue(merges);
        }

        return _tokens.AsSpan(0, _count);
    }

    private static Span<T> Room<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new T[Math.Max(length, (int)Math.Min(2L * buffer.Length, Array.MaxLength))];
        }

        return buffer.AsSpan(0, length);
    }

    private void Search(MergeTable merges)
    {
        Span<(int Rank, int Result)> pairs = stackalloc (int, int)[LongestSearched];
        var tokens = _tokens.AsSpan();
        for (var i = 0; i + 1 < _count; i++)
        {
            pairs[i] = merges.Find(tokens[i], tokens[i + 1]);
        }

        while (_count > 1)
        {
            var best = 0;
            for (var i = 1; i + 1 < _count; i++)
            {
                best = pairs[i].Rank < pairs[best].Rank ? i : best;
            }

            if (pairs[best].Rank == int.MaxValue)
            {
                return;
            }

            tokens[best] = pairs[best].Result;
            tokens[(best + 2).._count].CopyTo(tokens[(best + 1)..]);
            pairs[(best + 1)..(_count - 1)].CopyTo(pairs[best..]);
            _count--;
            if (best > 0)
            {
                pairs[best - 1] = merges.Find(tokens[best - 1], tokens[best]);
            }

            if (best + 1 < _count)
            {
                pairs[best] = merges.Find(tokens[best], tokens[best + 1]);
            }
        }
    }

    private void Queue(MergeTable merges)
    {
        Link();
        for (var i = 0; i + 1 < _count; i++)
        {
            Enqueue(merges, i);
        }

        while (_queue.TryDequeue(out var at, out var priority))
        {
            var after = _next[at];
            if (_tokens[at] == Gone || after == _count)
            {
                continue;
            }

            var (rank, result) = merges.Find(_tokens[at], _tokens[after]);
            if (rank != (int)(priority >> 32))
            {
                continue; // the pair that stood in the queue has been merged away
            }

            _tokens[at] = result;
            _tokens[after] = Gone;
            _next[at] = _next[after];
            if (_next[at] < _count)
            {
                _previous[_next[at]] = at;
                Enqueue(merges, at);
            }

            if (_previous[at] >= 0)
            {
                Enqueue(merges, _previous[at]);
            }
        }

        Close();
    }

    private void Link()
    {
        _ = Room(ref _next, _count);
        _ = Room(ref _previous, _count);
        for (var i = 0; i < _count; i++)
        {
            _next[i] = i + 1;
            _previous[i] = i - 1;
        }
    }

    private void Enqueue(MergeTable merges, int at)
    {
        var (rank, _) = merges.Find(_tokens[at], _tokens[_next[at]]);
        if (rank != int.MaxValue)
        {
            _queue.Enqueue(at, ((long)rank << 32) | (uint)at);
        }
    }

    private void Close()
    {
        var kept = 0;
        for (var i = 0; i < _count; i = _next[i])
        {
            _tokens[kept++] = _tokens[i];
        }

        _count = kept;
    }
}
