using CoMiGS.Models.Tokenizers.Characters;

namespace CoMiGS.Models.Tokenizers.Splitting;

/// <summary>GPT-2's pattern.</summary>
internal sealed class Gpt2Splitter : Splitter
{
    /// <summary>The pattern, as tokenizer files write it.</summary>
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const CharacterClass Kinds = CharacterClass.Letter | CharacterClass.Number | CharacterClass.Other;

    /// <inheritdoc/>
    public override int Next(ReadOnlySpan<char> text, int start, out bool dropped)
    {
        dropped = false;
        var contraction = PatternParts.Contraction(text, start, ignoreCase: false);
        if (contraction > 0)
        {
            return start + contraction;
        }

        var body = PatternParts.AfterOneBlank(text, start);
        var kind = CharacterClasses.At(text, body, out _) & Kinds;
        return kind == 0 ? PatternParts.WhiteSpace(text, start) : CharacterClasses.EndOfRun(text, body, kind);
    }
}
