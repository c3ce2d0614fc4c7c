namespace CoMiGS.Models.Tokenizers.Splitting;

/// <summary>Cuts at every occurrence of a fixed text.</summary>
/// <param name="literal">The text; not empty.</param>
/// <param name="drop">Whether the occurrences are thrown away; otherwise each is a piece of its own.</param>
internal sealed class LiteralSplitter(string literal, bool drop) : Splitter
{
    /// <inheritdoc/>
    public override int Next(ReadOnlySpan<char> text, int start, out bool dropped)
    {
        var distance = text[start..].IndexOf(literal, StringComparison.Ordinal);
        dropped = drop && distance == 0;
        return distance < 0 ? text.Length : start + (distance == 0 ? literal.Length : distance);
    }
}
