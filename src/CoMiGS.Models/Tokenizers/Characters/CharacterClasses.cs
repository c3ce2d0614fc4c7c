using System.Globalization;
using System.Text;

namespace CoMiGS.Models.Tokenizers.Characters;

/// <summary>Classes of code points in UTF-16 text, those beyond U+FFFF included, which .NET's regular expressions take apart.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Table = Build();

    /// <summary>The class of the code point at <paramref name="index"/>. A lone surrogate is what it becomes in UTF-8, U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">A place in it, at the start of a code point.</param>
    /// <param name="length">UTF-16 units of the code point.</param>
    public static CharacterClass At(ReadOnlySpan<char> text, int index, out int length)
    {
        length = 1;
        var known = Table[text[index]];
        return known == CharacterClass.Half ? Beyond(text[index..], out length) : known;
    }

    /// <summary>Where the run of code points of a class ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where to begin; may be its end.</param>
    /// <param name="wanted">The classes of the run.</param>
    /// <param name="most">Most code points to take.</param>
    public static int EndOfRun(ReadOnlySpan<char> text, int start, CharacterClass wanted, int most = int.MaxValue)
    {
        var table = Table;
        var end = start;
        for (; end < text.Length && most > 0; most--)
        {
            var length = 1;
            var found = table[text[end]];
            if (found == CharacterClass.Half)
            {
                found = Beyond(text[end..], out length);
            }

            if ((found & wanted) == 0)
            {
                break;
            }

            end += length;
        }

        return end;
    }

    private static CharacterClass Beyond(ReadOnlySpan<char> text, out int length)
    {
        Rune.DecodeFromUtf16(text, out var rune, out length); // U+FFFD for a lone surrogate
        return Of(Rune.GetUnicodeCategory(rune));
    }

    private static CharacterClass[] Build()
    {
        var table = new CharacterClass[char.MaxValue + 1];
        for (var c = 0; c < table.Length; c++)
        {
            table[c] = char.IsSurrogate((char)c) ? CharacterClass.Half
                : char.IsWhiteSpace((char)c) ? CharacterClass.Space
                : Of(CharUnicodeInfo.GetUnicodeCategory((char)c));
        }

        return table;
    }

    private static CharacterClass Of(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.Letter | CharacterClass.NotLower,
        UnicodeCategory.LowercaseLetter => CharacterClass.Letter | CharacterClass.NotUpper,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterClass.Letter | CharacterClass.NotLower | CharacterClass.NotUpper,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterClass.Other | CharacterClass.NotLower | CharacterClass.NotUpper,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
        _ => CharacterClass.Other,
    };
}
