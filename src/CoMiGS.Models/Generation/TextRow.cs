using System.Runtime.InteropServices;
using CoMiGS.Parameters;

namespace CoMiGS.Models.Generation;

/// <summary>One text of a batch while it grows.</summary>
internal sealed class TextRow
{
    private readonly List<int> _tokens;
    private readonly int _promptLength;
    private SeededRandom _random;

    public TextRow(IReadOnlyList<int> prompt, Seed seed, RoutingTrace? trace)
    {
        _tokens = [.. prompt];
        _promptLength = prompt.Count;
        _random = new SeededRandom(seed);
        Trace = trace;
    }

    /// <summary>Null while it grows.</summary>
    public StopReason? Stopped { get; private set; }

    public RoutingTrace? Trace { get; }

    /// <summary>All tokens so far.</summary>
    public int Length => _tokens.Count;

    /// <summary>The first token that the model still sees.</summary>
    public int WindowStart { get; private set; }

    /// <summary>Whether the model has to read this row again: for its next token, or for the routing of its last one.</summary>
    public bool NeedsReading => Stopped is null || Trace?.Tokens < Length;

    public ReadOnlySpan<int> From(int start) => CollectionsMarshal.AsSpan(_tokens)[start..];

    /// <summary>Forgets the older half of a full block.</summary>
    /// <returns>Whether anything was forgotten.</returns>
    /// <remarks>Half at once, because what remains gets new positions and has to be read again: so in a text of any length a token is read about twice, and not once for every token of the block.</remarks>
    public bool Slide(int block)
    {
        if (Length - WindowStart <= block)
        {
            return false;
        }

        WindowStart = Length - Math.Max(1, block / 2);
        return true;
    }

    /// <summary>Ends a row that has all its tokens.</summary>
    public void StopAt(int maximumTokens)
    {
        if (Stopped is null && Length - _promptLength >= maximumTokens)
        {
            Stopped = StopReason.Length;
        }
    }

    /// <summary>Chooses the next token.</summary>
    /// <returns>The token, or null if it ends the row.</returns>
    public int? Extend(TokenChoice choice, ReadOnlySpan<float> logits, IReadOnlySet<int> stopTokens)
    {
        var token = choice.Choose(logits, ref _random);
        if (stopTokens.Contains(token))
        {
            Stopped = StopReason.StopToken;
            return null;
        }

        _tokens.Add(token);
        return token;
    }

    public Continuation Result() => new(_tokens[.._promptLength], _tokens[_promptLength..], Stopped!.Value, Trace);
}
