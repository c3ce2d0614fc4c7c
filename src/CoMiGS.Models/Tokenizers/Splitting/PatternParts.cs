using CoMiGS.Models.Tokenizers.Characters;

namespace CoMiGS.Models.Tokenizers.Splitting;

/// <summary>Parts that the patterns of several tokenizers have in common.</summary>
internal static class PatternParts
{
    /// <summary>The length of <c>'s|'t|'re|'ve|'m|'ll|'d</c> at a place, or 0.</summary>
    public static int Contraction(ReadOnlySpan<char> text, int start, bool ignoreCase)
    {
        if (text[start] != '\'' || start + 1 >= text.Length)
        {
            return 0;
        }

        var first = Fold(text[start + 1], ignoreCase);
        if (first is 's' or 't' or 'm' or 'd')
        {
            return 2;
        }

        return start + 2 < text.Length && (first, Fold(text[start + 2], ignoreCase)) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    /// <summary>The end of <c>\s+(?!\S)|\s+</c>: white space before a word leaves its last character to the word.</summary>
    public static int WhiteSpace(ReadOnlySpan<char> text, int start)
    {
        var end = CharacterClasses.EndOfRun(text, start, CharacterClass.Space);
        return end == text.Length || end - start == 1 ? end : end - 1; // white space is one UTF-16 unit each
    }

    /// <summary>The end of <c>\s*[\r\n]+|\s+(?!\S)|\s+</c>: up to the last line break of the run, if it has any.</summary>
    public static int WhiteSpaceByLine(ReadOnlySpan<char> text, int start)
    {
        var end = CharacterClasses.EndOfRun(text, start, CharacterClass.Space);
        var lineBreak = text[start..end].LastIndexOfAny('\r', '\n');
        return lineBreak >= 0 ? start + lineBreak + 1 : WhiteSpace(text, start);
    }

    /// <summary>Where the body of <c> ?X+</c> begins, for an X without white space.</summary>
    public static int AfterOneBlank(ReadOnlySpan<char> text, int start) =>
        text[start] == ' ' && start + 1 < text.Length && CharacterClasses.At(text, start + 1, out _) != CharacterClass.Space ? start + 1 : start;

    // U+017F is a long s, and equal to s where case does not count.
    private static char Fold(char c, bool ignoreCase) => !ignoreCase ? c : c == '\u017F' ? 's' : char.ToLowerInvariant(c);
}
