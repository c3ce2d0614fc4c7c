namespace CoMiGS.Data;

/// <summary>Consecutive windows over a whole split: every token but the first is predicted exactly once, in the same order every time.</summary>
public sealed class EvaluationWindows
{
    private readonly ITokenSource _source;
    private readonly int _batchSize;
    private readonly int _window;
    private readonly int? _vocabularySize;

    /// <summary>Windows of <paramref name="source"/>.</summary>
    /// <param name="source">The split, of at least two tokens.</param>
    /// <param name="batchSize">Windows per batch.</param>
    /// <param name="window">T, tokens per window; the last window may be shorter.</param>
    /// <param name="vocabularySize">Ids from this number on are refused when they are met. Default: all ids are taken.</param>
    /// <exception cref="SplitTooShortException">The split has fewer than two tokens.</exception>
    public EvaluationWindows(ITokenSource source, int batchSize, int window, int? vocabularySize = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        if (source.Length < 2)
        {
            throw new SplitTooShortException(source.Name, source.Length, 2);
        }

        _source = source;
        _batchSize = batchSize;
        _window = window;
        _vocabularySize = vocabularySize;
    }

    /// <summary>How many tokens are predicted: all but the first.</summary>
    public long Tokens => _source.Length - 1;

    /// <summary>The batches, each made in the dispose scope that is current when it is asked for. The tail, if any, comes as a batch of one shorter window.</summary>
    public IEnumerable<TokenBatch> Batches()
    {
        var full = Tokens / _window;
        for (long first = 0; first < full; first += _batchSize)
        {
            var starts = new long[Math.Min(_batchSize, full - first)];
            for (var b = 0; b < starts.Length; b++)
            {
                starts[b] = (first + b) * _window;
            }

            yield return TokenBatch.Of(_source, starts, _window, _vocabularySize);
        }

        var tail = (int)(Tokens - (full * _window));
        if (tail > 0)
        {
            yield return TokenBatch.Of(_source, [full * _window], tail, _vocabularySize);
        }
    }
}
