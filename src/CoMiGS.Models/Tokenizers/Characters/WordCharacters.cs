using System.Globalization;
using System.Text;

namespace CoMiGS.Models.Tokenizers.Characters;

/// <summary>\w in the sense of Unicode: alphabetic characters, marks, decimal digits, connectors and joiners.</summary>
internal static class WordCharacters
{
    /// <summary>Whether a word character ends the text.</summary>
    public static bool EndsWith(ReadOnlySpan<char> text) => Rune.DecodeLastFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && Is(rune);

    /// <summary>Whether a word character starts the text.</summary>
    public static bool StartsWith(ReadOnlySpan<char> text) => Rune.DecodeFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && Is(rune);

    private static bool Is(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => true,
        UnicodeCategory.OtherSymbol => rune.Value is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189), // letters in circles and squares are alphabetic
        _ => rune.Value is 0x200C or 0x200D,
    };
}
