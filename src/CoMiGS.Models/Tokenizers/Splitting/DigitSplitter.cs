using CoMiGS.Models.Tokenizers.Characters;

namespace CoMiGS.Models.Tokenizers.Splitting;

/// <summary>Keeps numbers apart from the rest.</summary>
/// <param name="individual">Whether each digit is a piece of its own; otherwise a whole number is one.</param>
internal sealed class DigitSplitter(bool individual) : Splitter
{
    /// <inheritdoc/>
    public override int Next(ReadOnlySpan<char> text, int start, out bool dropped)
    {
        dropped = false;
        var isDigit = CharacterClasses.At(text, start, out _) == CharacterClass.Number;
        return isDigit
            ? CharacterClasses.EndOfRun(text, start, CharacterClass.Number, individual ? 1 : int.MaxValue)
            : CharacterClasses.EndOfRun(text, start, CharacterClass.Letter | CharacterClass.Space | CharacterClass.Other);
    }
}
