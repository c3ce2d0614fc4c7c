namespace CoMiGS.Models.Tokenizers;

/// <summary>Ids of words met before: a fixed number of slots, a newer word takes the place of an older one. Readers and writers need no lock, because an entry never changes.</summary>
internal sealed class WordCache
{
    /// <summary>Longer words are not kept, so that the memory is bounded by slots times this.</summary>
    public const int LongestWord = 48;

    private const int Slots = 1 << 16;

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>The ids of a word, if it is known.</summary>
    public bool TryGet(ReadOnlySpan<char> word, out ReadOnlySpan<int> tokens)
    {
        var entry = Volatile.Read(ref _entries[Slot(word)]);
        tokens = entry?.Tokens;
        return entry is not null && word.SequenceEqual(entry.Word);
    }

    /// <summary>Keeps the ids of a word.</summary>
    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> tokens) => Volatile.Write(ref _entries[Slot(word)], new(word.ToString(), tokens.ToArray()));

    private static int Slot(ReadOnlySpan<char> word) => string.GetHashCode(word) & (Slots - 1);

    private sealed record Entry(string Word, int[] Tokens);
}
