using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CoMiGS.Models.Tokenizers;

namespace CoMiGS.Models.Tests.Tokenizers;

/// <summary>
/// Pieces of a text, twice: as a tokenizer cuts it, seen through a vocabulary that has every part of the text as a token; and as .NET's regular expressions cut it
/// after each code point beyond U+FFFF has been replaced by one below of the same category.
/// </summary>
internal static class PatternOracle
{
    public static IEnumerable<string> Pieces(Func<TokenizerSpec, TokenizerSpec> configure, string text)
    {
        var spec = configure(new());
        spec.Model["ignore_merges"] = true;
        var runes = text.EnumerateRunes().Select(rune => rune.ToString()).ToList();
        for (var first = 0; first < runes.Count; first++)
        {
            for (var count = 1; count <= runes.Count - first; count++)
            {
                spec.Token(TokenizerSpec.Spelt(string.Concat(runes.Skip(first).Take(count))));
            }
        }

        var tokenizer = spec.Load();
        return tokenizer.Encode(text).Select(id => tokenizer.Decode([id]));
    }

    public static IEnumerable<string> Expected(string pattern, string text)
    {
        var runes = text.EnumerateRunes().ToList();
        var matches = Regex.Matches(string.Concat(runes.Select(Below)), pattern, RegexOptions.CultureInvariant);
        matches.Sum(match => match.Length).Should().Be(runes.Count, "the patterns leave nothing out");
        return matches.Select(match => string.Concat(runes.Skip(match.Index).Take(match.Length)));
    }

    private static char Below(Rune rune) => rune.IsBmp ? (char)rune.Value : Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => '\u0391',
        UnicodeCategory.LowercaseLetter => '\u03B1',
        UnicodeCategory.OtherLetter => '\u3042',
        UnicodeCategory.DecimalDigitNumber => '\u0664',
        UnicodeCategory.SpacingCombiningMark => '\u0903',
        UnicodeCategory.OtherSymbol => '\u2603',
        var other => throw new ArgumentException($"{rune} has the category {other}, which no test text uses."),
    };
}
