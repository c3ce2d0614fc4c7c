namespace CoMiGS.Planning;

/// <summary>What a pattern that matches nothing may have meant: module paths whose last parts are spelt alike, but for upper and lower case.</summary>
internal static class NearMisses
{
    private const int Most = 3;
    private const int CloseEnough = 2;

    /// <summary>A sentence for an error, or nothing.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="paths">The paths there are.</param>
    public static string Of(ModulePattern pattern, IReadOnlyList<string> paths)
    {
        var text = pattern.Text.Trim('"');
        if (Distance(text, ModulePattern.EveryLinear) <= CloseEnough)
        {
            return $"Did you mean {ModulePattern.EveryLinear}? ";
        }

        if (!pattern.Any() && paths.Any(path => ModulePattern.Ends(path, text)))
        {
            return $"Did you mean the list [\"{text}\"]? A string is a regular expression of the whole path. ";
        }

        var wanted = pattern.Any() ? [.. pattern] : new[] { text };
        var near = wanted.SelectMany(w => paths.Select(p => (Path: p, Distance: Distance(w, LastParts(p, w)))).Where(p => p.Distance <= Math.Max(CloseEnough, w.Length / 3)))
            .OrderBy(n => n.Distance).Select(n => Collapse(n.Path)).Distinct().Take(Most).ToList();
        return near.Count == 0 ? "" : $"Did you mean {string.Join(" or ", near)}? ";
    }

    /// <summary>Paths with every number replaced by a star, each once: <c>h.*.attn.c_proj</c>.</summary>
    public static IEnumerable<string> Collapse(IEnumerable<string> paths) => paths.Select(Collapse).Distinct();

    private static string Collapse(string path) => string.Join('.', path.Split('.').Select(part => part.All(char.IsAsciiDigit) ? "*" : part));

    /// <summary>As many last parts of the path as the wanted name has.</summary>
    private static string LastParts(string path, string wanted) => string.Join('.', path.Split('.').TakeLast(wanted.Split('.').Length));

    /// <summary>Levenshtein's: insertions, deletions and replacements.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                left = Math.Min(Math.Min(row[j], left) + 1, diagonal + (char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]) ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }

        return row[^1];
    }
}
