using System.Text;

namespace CoMiGS.Models.Tokenizers;

/// <summary>Encodes words by merging, in order of rank, the bytes they are made of.</summary>
internal sealed class BytePairEncoder
{
    private readonly BytePairModel _model;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _whole;
    private readonly MergeTable _merges;
    private readonly WordCache _cache = new();
    private readonly int?[] _bytes = new int?[256];

    /// <param name="model">Vocabulary and merges.</param>
    public BytePairEncoder(BytePairModel model)
    {
        _model = model;
        _whole = model.Ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _merges = new(model.Merges);
        for (var b = 0; b < 256; b++)
        {
            _bytes[b] = model.Ids.TryGetValue(ByteAlphabet.Of((byte)b).ToString(), out var id) ? id : null;
        }
    }

    /// <summary>Appends the ids of a word.</summary>
    /// <param name="word">A piece that merges do not cross; a lone surrogate is encoded as U+FFFD.</param>
    /// <param name="output">Where they go.</param>
    /// <param name="scratch">Buffers of the caller, one caller at a time.</param>
    public void Encode(ReadOnlySpan<char> word, List<int> output, MergeScratch scratch)
    {
        if (word.Length > WordCache.LongestWord)
        {
            output.AddRange(Merge(word, scratch));
        }
        else if (_cache.TryGet(word, out var known))
        {
            output.AddRange(known);
        }
        else
        {
            var tokens = Merge(word, scratch);
            output.AddRange(tokens);
            _cache.Add(word, tokens);
        }
    }

    private ReadOnlySpan<int> Merge(ReadOnlySpan<char> word, MergeScratch scratch)
    {
        var bytes = scratch.Bytes(Encoding.UTF8.GetMaxByteCount(word.Length));
        bytes = bytes[..Encoding.UTF8.GetBytes(word, bytes)];
        if (_model.IgnoreMerges && Whole(bytes, scratch) is { } whole)
        {
            return scratch.Single(whole);
        }

        scratch.Start(bytes.Length);
        var wasUnknown = false;
        foreach (var b in bytes)
        {
            var known = _bytes[b];
            if ((known ?? _model.Unknown) is { } token && !(known is null && wasUnknown && _model.FuseUnknown))
            {
                scratch.Add(token);
            }

            wasUnknown = known is null;
        }

        return scratch.Merge(_merges);
    }

    private int? Whole(ReadOnlySpan<byte> bytes, MergeScratch scratch)
    {
        var text = scratch.Characters(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            text[i] = ByteAlphabet.Of(bytes[i]);
        }

        return _whole.TryGetValue(text, out var id) ? id : null;
    }
}
