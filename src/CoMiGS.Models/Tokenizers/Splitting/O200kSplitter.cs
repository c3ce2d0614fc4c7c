using CoMiGS.Models.Tokenizers.Characters;

namespace CoMiGS.Models.Tokenizers.Splitting;

/// <summary>The pattern of o200k: words end where small letters are followed by capitals, and keep their contraction.</summary>
internal sealed class O200kSplitter : Splitter
{
    /// <summary>The pattern, as tokenizer files write it.</summary>
    public const string Pattern =
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|" +
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|" +
        @"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    public override int Next(ReadOnlySpan<char> text, int start, out bool dropped)
    {
        dropped = false;
        var first = CharacterClasses.At(text, start, out var length);
        var body = (first & (CharacterClass.Letter | CharacterClass.Number)) == 0 && text[start] is not ('\r' or '\n') ? start + length : start;

        // A mark may be the character before the word or part of it, so both beginnings are tried.
        var end = EndsLow(text, body) ?? EndsLow(text, start) ?? EndsHigh(text, body) ?? EndsHigh(text, start);
        if (end is { } word)
        {
            return word < text.Length ? word + PatternParts.Contraction(text, word, ignoreCase: true) : word;
        }

        if ((first & CharacterClass.Number) != 0)
        {
            return CharacterClasses.EndOfRun(text, start, CharacterClass.Number, 3);
        }

        var symbols = PatternParts.AfterOneBlank(text, start);
        var symbolsEnd = CharacterClasses.EndOfRun(text, symbols, CharacterClass.Other);
        return symbolsEnd > symbols ? BreaksAndSlashes(text, symbolsEnd) : PatternParts.WhiteSpaceByLine(text, start);
    }

    // [upper]*[lower]+, both greedy: the upper part gives back from its end until a lower one follows.
    private static int? EndsLow(ReadOnlySpan<char> text, int start)
    {
        var upper = CharacterClasses.EndOfRun(text, start, CharacterClass.NotLower);
        var end = CharacterClasses.EndOfRun(text, upper, CharacterClass.NotUpper);
        while (end == upper && upper > start)
        {
            upper -= upper - 2 >= start && char.IsSurrogatePair(text[upper - 2], text[upper - 1]) ? 2 : 1;
            end = CharacterClasses.EndOfRun(text, upper, CharacterClass.NotUpper);
        }

        return end > upper ? end : null;
    }

    private static int? EndsHigh(ReadOnlySpan<char> text, int start)
    {
        var upper = CharacterClasses.EndOfRun(text, start, CharacterClass.NotLower);
        return upper > start ? CharacterClasses.EndOfRun(text, upper, CharacterClass.NotUpper) : null;
    }

    private static int BreaksAndSlashes(ReadOnlySpan<char> text, int start)
    {
        var length = text[start..].IndexOfAnyExcept('\r', '\n', '/');
        return length < 0 ? text.Length : start + length;
    }
}
