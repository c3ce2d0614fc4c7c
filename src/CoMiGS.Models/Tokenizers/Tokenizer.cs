using System.Text;
using CoMiGS.Models.Tokenizers.Characters;
using CoMiGS.Models.Tokenizers.Files;

namespace CoMiGS.Models.Tokenizers;

/// <summary>A byte-level byte-pair tokenizer, read from the files that come with a model: those of GPT-2, Llama 3, SmolLM, Qwen 2 and their relatives.</summary>
/// <remarks>Every text has ids and comes back from them, whatever it holds. A lone surrogate is encoded as U+FFFD. Thread-safe.</remarks>
public sealed class Tokenizer : ITokenizer
{
    private readonly TokenizerParts _parts;
    private readonly BytePairEncoder _encoder;
    private readonly Vocabulary _vocabulary;
    private readonly HashSet<int> _special;
    private readonly AddedTokenFinder _raw;
    private readonly AddedTokenFinder _normalized;
    private Workspace? _spare;

    internal Tokenizer(TokenizerParts parts)
    {
        _parts = parts;
        _encoder = new(parts.Model);
        var ids = new Dictionary<string, int>(parts.Model.Ids, StringComparer.Ordinal);
        foreach (var token in parts.AddedTokens)
        {
            ids[token.Content] = token.Id;
        }

        _vocabulary = new(ids);
        _special = [.. parts.AddedTokens.Where(t => t.Special).Select(t => t.Id)];
        _raw = new([.. parts.AddedTokens.Where(t => !t.Normalized).Select(t => (t.Content, t))]);
        _normalized = new([.. parts.AddedTokens.Where(t => t.Normalized).Select(t => (parts.Composes ? ComposedForm.Of(t.Content).ToString() : t.Content, t))]);
        BeginToken = parts.BeginToken is { } begin ? TokenId(begin) : null;
        EndToken = parts.EndToken is { } end ? TokenId(end) : null;
    }

    /// <summary>How many ids there may be: the largest and one more. A model's own vocabulary may be padded beyond it.</summary>
    public int VocabularySize => _vocabulary.Size;

    /// <summary>The added tokens, special or not.</summary>
    public IReadOnlyList<AddedToken> AddedTokens => _parts.AddedTokens;

    /// <summary>The token that <c>tokenizer_config.json</c> names for the beginning of a text, or null.</summary>
    public int? BeginToken { get; }

    /// <summary>The token that <c>tokenizer_config.json</c> names for the end of a text, or null. A generator stops at it.</summary>
    public int? EndToken { get; }

    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">A <c>tokenizer.json</c>; a <c>vocab.json</c> with <c>merges.txt</c> beside it; or the folder of either. A <c>tokenizer_config.json</c> beside them is read too.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or the folder has none of them.</exception>
    /// <exception cref="InvalidDataException">A file is malformed or asks for something that is not supported; all that is wrong is listed.</exception>
    public static Tokenizer Load(string path) => new(TokenizerFiles.Read(path));

    /// <summary>The id of a token by its text as it stands in the vocabulary, or null. A blank stands there as U+0120.</summary>
    /// <param name="text">For example <c>&lt;|endoftext|&gt;</c>.</param>
    public int? TokenId(string text) => _vocabulary.Ids.TryGetValue(text, out var id) ? id : null;

    /// <summary>The text of a token as it stands in the vocabulary, or null if no token has this id.</summary>
    /// <param name="id">Any number.</param>
    public string? TokenText(int id) => _vocabulary.Text(id);

    /// <inheritdoc/>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var workspace = Rent();
        Encode(text, workspace.Tokens, addSpecialTokens, workspace);
        int[] tokens = [.. workspace.Tokens];
        Return(workspace);
        return tokens;
    }

    /// <summary>Appends the ids of a text to a list, for long texts or many.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="tokens">Appended to.</param>
    /// <param name="addSpecialTokens">As for the other overload.</param>
    public void Encode(ReadOnlySpan<char> text, List<int> tokens, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var workspace = Rent();
        Encode(text, tokens, addSpecialTokens, workspace);
        Return(workspace);
    }

    /// <summary>The text of ids. Bytes that are no valid UTF-8 become U+FFFD.</summary>
    /// <param name="tokens">Ids of this vocabulary.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out of the text.</param>
    /// <exception cref="ArgumentOutOfRangeException">No token has one of the ids.</exception>
    public string Decode(IEnumerable<int> tokens, bool skipSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            bytes.AddRange(Bytes(token, skipSpecialTokens));
        }

        return Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>The bytes of a token; none for a special token that is to be skipped.</summary>
    internal ReadOnlySpan<byte> Bytes(int token, bool skipSpecialTokens)
    {
        var bytes = _vocabulary.Bytes(token)
            ?? throw new ArgumentOutOfRangeException(nameof(token), token, $"No token has the id {token}. The vocabulary has ids from 0 to {VocabularySize - 1}. Does the tokenizer belong to the model that made the ids?");
        return skipSpecialTokens && _special.Contains(token) ? [] : bytes;
    }

    private void Encode(ReadOnlySpan<char> text, List<int> output, bool addSpecialTokens, Workspace workspace)
    {
        if (addSpecialTokens)
        {
            output.AddRange(_parts.Before);
        }

        int search = 0, settled = 0;
        while (_raw.Next(text, ref search, settled, out var match))
        {
            EncodeBetween(text, settled, match.Start, output, workspace);
            output.Add(match.Id);
            settled = match.End;
        }

        EncodeBetween(text, settled, text.Length, output, workspace);
        if (addSpecialTokens)
        {
            output.AddRange(_parts.After);
        }
    }

    // Between tokens that are found in the raw text: normalized, and searched for the other added tokens.
    private void EncodeBetween(ReadOnlySpan<char> whole, int start, int end, List<int> output, Workspace workspace)
    {
        if (start >= end)
        {
            return;
        }

        var text = _parts.Composes ? ComposedForm.Of(whole[start..end]) : whole[start..end];
        int search = 0, settled = 0;
        while (_normalized.Next(text, ref search, settled, out var match))
        {
            Split(text[settled..Math.Max(settled, match.Start)], 0, output, workspace);
            output.Add(match.Id);
            settled = match.End;
        }

        Split(text[Math.Min(settled, text.Length)..], 0, output, workspace);
    }

    private void Split(ReadOnlySpan<char> piece, int stage, List<int> output, Workspace workspace)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        if (stage == _parts.PreTokenizer.BlankBefore && piece[0] != ' ')
        {
            piece = $" {piece}";
        }

        if (stage == _parts.PreTokenizer.Splitters.Count)
        {
            _encoder.Encode(piece, output, workspace.Scratch);
            return;
        }

        var splitter = _parts.PreTokenizer.Splitters[stage];
        for (var start = 0; start < piece.Length;)
        {
            var end = splitter.Next(piece, start, out var dropped);
            if (!dropped)
            {
                Split(piece[start..end], stage + 1, output, workspace);
            }

            start = end;
        }
    }

    private Workspace Rent() => Interlocked.Exchange(ref _spare, null) ?? new();

    private void Return(Workspace workspace)
    {
        workspace.Tokens.Clear();
        if (workspace.Scratch.IsSmall && workspace.Tokens.Capacity <= 1 << 16)
        {
            Volatile.Write(ref _spare, workspace);
        }
    }

    private sealed class Workspace
    {
        public List<int> Tokens { get; } = [];

        public MergeScratch Scratch { get; } = new();
    }
}
