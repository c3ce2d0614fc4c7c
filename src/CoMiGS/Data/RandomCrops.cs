using CoMiGS.Parameters;

namespace CoMiGS.Data;

/// <summary>Seeded random windows of a split, with replacement, for training.</summary>
/// <remarks>Batch number i is a pure function of the seed and i: to resume, set <see cref="Cursor"/>; nothing else is remembered.</remarks>
public sealed class RandomCrops : IBatchSource
{
    private readonly ITokenSource _source;
    private readonly Seed _seed;
    private readonly int? _vocabularySize;

    /// <summary>Crops of <paramref name="source"/>.</summary>
    /// <param name="source">The split.</param>
    /// <param name="batchSize">B, windows per batch.</param>
    /// <param name="window">T, tokens per window.</param>
    /// <param name="seed">Seed of the order.</param>
    /// <param name="vocabularySize">Ids from this number on are refused when they are met. Default: all ids are taken.</param>
    /// <exception cref="SplitTooShortException">The split has fewer than T + 1 tokens.</exception>
    public RandomCrops(ITokenSource source, int batchSize, int window, Seed seed, int? vocabularySize = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(window);
        if (source.Length < window + 1L)
        {
            throw new SplitTooShortException(source.Name, source.Length, window + 1L);
        }

        _source = source;
        _seed = seed;
        _vocabularySize = vocabularySize;
        BatchSize = batchSize;
        Window = window;
    }

    /// <summary>B.</summary>
    public int BatchSize { get; }

    /// <summary>T.</summary>
    public int Window { get; }

    /// <inheritdoc/>
    public long Cursor { get; set; }

    /// <summary>The next batch, (B, T), in the current dispose scope.</summary>
    /// <exception cref="TokenOutsideVocabularyException">A window holds an id outside the vocabulary.</exception>
    public TokenBatch NextBatch() => TokenBatch.Of(_source, Starts(Cursor++), Window, _vocabularySize);

    /// <summary>Where the windows of batch number <paramref name="batch"/> start.</summary>
    public long[] Starts(long batch)
    {
        var random = new SeededRandom(_seed.For(batch));
        var starts = new long[BatchSize];
        for (var b = 0; b < starts.Length; b++)
        {
            starts[b] = random.NextInt64(_source.Length - Window);
        }

        return starts;
    }
}
