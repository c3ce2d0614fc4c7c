using System.Text;

namespace CoMiGS.Models.Tokenizers.Characters;

/// <summary>Unicode's normalization form C. Its own tables, because .NET returns text unchanged where globalization is invariant.</summary>
internal static class ComposedForm
{
    // Below U+0300 every text is its own composed form.
    private const char LastSettled = '\u02FF';

    /// <summary>The composed form. A lone surrogate becomes U+FFFD if anything else is beyond U+02FF, as in UTF-8.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExceptInRange('\0', LastSettled) < 0)
        {
            return text;
        }

        var data = CanonicalData.Tables;
        var result = new StringBuilder(text.Length);
        var segment = new List<int>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (segment.Count > 0 && (rune.Value <= LastSettled || data.StartsAfresh(rune.Value)))
            {
                Append(result, segment, data);
                segment.Clear();
            }

            segment.Add(rune.Value);
        }

        Append(result, segment, data);
        return result.ToString();
    }

    private static void Append(StringBuilder result, List<int> segment, CanonicalData data)
    {
        if (segment.Count == 1 && !data.Changes(segment[0]))
        {
            Append(result, segment[0]);
            return;
        }

        var parts = new List<int>();
        segment.ForEach(codePoint => data.Decompose(codePoint, parts));
        parts = Ordered(parts, data);
        Compose(parts, data);
        parts.ForEach(codePoint => Append(result, codePoint));
    }

    // Marks are sorted by class between starters; the sort keeps the order of equal ones.
    private static List<int> Ordered(List<int> parts, CanonicalData data)
    {
        var ordered = new List<int>(parts.Count);
        for (var i = 0; i < parts.Count;)
        {
            var end = i;
            while (end < parts.Count && data.CombiningClass(parts[end]) != 0)
            {
                end++;
            }

            ordered.AddRange(parts[i..end].OrderBy(codePoint => data.CombiningClass(codePoint)));
            if (end < parts.Count)
            {
                ordered.Add(parts[end++]);
            }

            i = end;
        }

        return ordered;
    }

    private static void Compose(List<int> parts, CanonicalData data)
    {
        var starter = -1;
        var kept = 0;
        var lastClass = -1; // of what stands between the starter and the next part; -1 if nothing does
        for (var i = 0; i < parts.Count; i++)
        {
            var combining = data.CombiningClass(parts[i]);
            if (starter >= 0 && lastClass < combining && data.Compose(parts[starter], parts[i]) is { } composite)
            {
                parts[starter] = composite;
                continue;
            }

            if (combining == 0)
            {
                starter = kept;
            }

            lastClass = combining == 0 ? -1 : combining;
            parts[kept++] = parts[i];
        }

        parts.RemoveRange(kept, parts.Count - kept);
    }

    private static void Append(StringBuilder result, int codePoint)
    {
        Span<char> units = stackalloc char[2];
        result.Append(units[..new Rune(codePoint).EncodeToUtf16(units)]);
    }
}
