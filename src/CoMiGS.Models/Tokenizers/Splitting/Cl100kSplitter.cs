using CoMiGS.Models.Tokenizers.Characters;

namespace CoMiGS.Models.Tokenizers.Splitting;

/// <summary>The pattern of Llama 3 and cl100k, and with single digits that of Qwen 2.</summary>
/// <param name="digits">Most digits in a piece.</param>
internal sealed class Cl100kSplitter(int digits) : Splitter
{
    /// <summary>The pattern with up to three digits in a piece.</summary>
    public const string Llama3Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <summary>The pattern with single digits.</summary>
    public const string Qwen2Pattern = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public override int Next(ReadOnlySpan<char> text, int start, out bool dropped)
    {
        dropped = false;
        var contraction = PatternParts.Contraction(text, start, ignoreCase: true);
        if (contraction > 0)
        {
            return start + contraction;
        }

        var first = CharacterClasses.At(text, start, out var length);
        var letters = (first & (CharacterClass.Letter | CharacterClass.Number)) == 0 && text[start] is not ('\r' or '\n') ? start + length : start;
        var end = CharacterClasses.EndOfRun(text, letters, CharacterClass.Letter);
        if (end > letters)
        {
            return end;
        }

        if ((first & CharacterClass.Number) != 0)
        {
            return CharacterClasses.EndOfRun(text, start, CharacterClass.Number, digits);
        }

        var symbols = PatternParts.AfterOneBlank(text, start);
        end = CharacterClasses.EndOfRun(text, symbols, CharacterClass.Other);
        return end > symbols ? LineBreaks(text, end) : PatternParts.WhiteSpaceByLine(text, start);
    }

    private static int LineBreaks(ReadOnlySpan<char> text, int start)
    {
        var length = text[start..].IndexOfAnyExcept('\r', '\n');
        return length < 0 ? text.Length : start + length;
    }
}
