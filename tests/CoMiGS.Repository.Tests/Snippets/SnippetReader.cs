namespace CoMiGS.Repository.Tests.Snippets;

/// <summary>Finds the blocks of C# in the documentation.</summary>
internal static class SnippetReader
{
    private const string Fence = "```";
    private static readonly string[] Modes = ["", "run", "continues", "excerpt"];

    /// <summary>The pages whose code is held to compile.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Repository.Files(".", "*.md").Select(path => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path)
            .Where(path => !path.Contains('/', StringComparison.Ordinal) || path.StartsWith("docs/", StringComparison.Ordinal)
                || (path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith("/README.md", StringComparison.Ordinal))),
    ];

    public static IReadOnlyList<Snippet> Of(string page) => [.. Parse(page, Repository.Read(page).ReplaceLineEndings("\n").Split('\n'))];

    public static IEnumerable<Snippet> Parse(string page, string[] lines)
    {
        var given = "";
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimStart();
            if (line.StartsWith("<!-- given:", StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, i, text => text.Contains("-->", StringComparison.Ordinal));
                given = string.Join('\n', lines[i..(end + 1)]).Replace("<!-- given:", "", StringComparison.Ordinal).Replace("-->", "", StringComparison.Ordinal);
                i = end;
            }
            else if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, i + 1, text => text.TrimStart().StartsWith(Fence, StringComparison.Ordinal));
                if (end < 0)
                {
                    throw new FormatException($"{page}:{i + 1}: this block is never closed.");
                }

                var words = line[Fence.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words is ["csharp" or "cs" or "c#", ..])
                {
                    var mode = string.Join(' ', words[1..]);
                    if (!Modes.Contains(mode))
                    {
                        throw new FormatException($"{page}:{i + 1}: a csharp block may be marked run, continues or excerpt, not '{mode}'.");
                    }

                    yield return new Snippet(page, i + 2, mode, given, string.Join('\n', lines[(i + 1)..end]));
                }

                given = "";
                i = end;
            }
            else if (line.Length > 0)
            {
                given = "";
            }
        }
    }
}
