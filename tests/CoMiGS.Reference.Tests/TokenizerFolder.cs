using System.Text.Json;

namespace CoMiGS.Reference.Tests;

/// <summary>Golden rows of tokenizers, and the tokenizers that are there to go with them.</summary>
internal static class TokenizerFolder
{
    private const string Ending = ".golden.json";

    private static readonly Dictionary<string, IReadOnlyList<JsonElement>> Read = [];

    private static string Path { get; } = System.IO.Path.Combine(ReferenceFolder.Models, "tokenizer");

    /// <summary>The names of all files with golden rows.</summary>
    public static IEnumerable<string> Golden =>
        ReferenceFolder.Files(Path, "*" + Ending).Order(StringComparer.Ordinal).Select(file => System.IO.Path.GetFileName(file)[..^Ending.Length]);

    /// <summary>The tokenizer of that name, if it is there.</summary>
    public static string? Tokenizer(string name) => System.IO.Path.Combine(Path, name + ".tokenizer.json") is var path && File.Exists(path) ? path : null;

    /// <summary>The golden rows of that name.</summary>
    public static IReadOnlyList<JsonElement> Rows(string name)
    {
        if (!Read.TryGetValue(name, out var rows))
        {
            Read[name] = rows = [.. JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(Path, name + Ending))).RootElement.EnumerateArray()];
        }

        return rows;
    }
}
