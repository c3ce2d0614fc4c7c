namespace CoMiGS.Models.Tokenizers.Splitting;

/// <summary>Cuts a text into pieces that merges never cross.</summary>
internal abstract class Splitter
{
    /// <summary>Where the piece that begins at <paramref name="start"/> ends.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">A place before its end.</param>
    /// <param name="dropped">Whether the piece is thrown away.</param>
    public abstract int Next(ReadOnlySpan<char> text, int start, out bool dropped);
}
