using System.Buffers;
using CoMiGS.Models.Tokenizers.Characters;

namespace CoMiGS.Models.Tokenizers;

/// <summary>Finds added tokens in a text: the first in the text, and of those that begin there the longest.</summary>
internal sealed class AddedTokenFinder
{
    private readonly SearchValues<string> _contents;
    private readonly ILookup<char, (string Content, AddedToken Token)> _byFirst;

    /// <param name="tokens">The tokens with the texts to look for, which differ from their contents where a text is normalized.</param>
    public AddedTokenFinder(IReadOnlyList<(string Content, AddedToken Token)> tokens)
    {
        _contents = SearchValues.Create([.. tokens.Select(t => t.Content)], StringComparison.Ordinal);
        _byFirst = tokens.OrderByDescending(t => t.Content.Length).ToLookup(t => t.Content[0]);
        IsEmpty = tokens.Count == 0;
    }

    private bool IsEmpty { get; }

    /// <summary>The next added token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="search">Where to look from; moved behind the token.</param>
    /// <param name="settled">What is before this place belongs to earlier tokens and cannot be swallowed.</param>
    /// <param name="match">The token.</param>
    public bool Next(ReadOnlySpan<char> text, ref int search, int settled, out AddedTokenMatch match)
    {
        while (!IsEmpty)
        {
            var distance = text[search..].IndexOfAny(_contents);
            if (distance < 0)
            {
                break;
            }

            var start = search + distance;
            var (content, token) = Longest(text[start..]);
            search = start + content.Length;
            if (token.SingleWord && (WordCharacters.EndsWith(text[..start]) || WordCharacters.StartsWith(text[search..])))
            {
                continue;
            }

            match = new(
                token.SwallowsSpaceBefore ? Math.Max(text[..start].TrimEnd().Length, settled) : start,
                token.SwallowsSpaceAfter ? text.Length - text[search..].TrimStart().Length : search,
                token.Id);
            return true;
        }

        match = default;
        return false;
    }

    private (string Content, AddedToken Token) Longest(ReadOnlySpan<char> text)
    {
        foreach (var candidate in _byFirst[text[0]])
        {
            if (text.StartsWith(candidate.Content, StringComparison.Ordinal))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException("The search for added tokens found a text that is none of them.");
    }
}
