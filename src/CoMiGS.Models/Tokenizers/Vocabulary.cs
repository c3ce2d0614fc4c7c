namespace CoMiGS.Models.Tokenizers;

/// <summary>Texts of tokens and their ids, both ways.</summary>
internal sealed class Vocabulary
{
    private readonly string?[] _texts;
    private readonly byte[]?[] _bytes;

    /// <param name="ids">Ids by text, each id once and none negative.</param>
    public Vocabulary(IReadOnlyDictionary<string, int> ids)
    {
        Ids = ids.ToDictionary(StringComparer.Ordinal);
        Size = ids.Count == 0 ? 0 : ids.Values.Max() + 1;
        _texts = new string?[Size];
        _bytes = new byte[]?[Size];
        foreach (var (text, id) in ids)
        {
            _texts[id] = text;
            _bytes[id] = ByteAlphabet.BytesOf(text);
        }
    }

    /// <summary>The largest id and one more.</summary>
    public int Size { get; }

    /// <summary>Ids by text.</summary>
    public Dictionary<string, int> Ids { get; }

    /// <summary>The text of an id as it stands in the vocabulary, or null.</summary>
    public string? Text(int id) => (uint)id < (uint)Size ? _texts[id] : null;

    /// <summary>The bytes that an id stands for, or null.</summary>
    public byte[]? Bytes(int id) => (uint)id < (uint)Size ? _bytes[id] : null;
}
