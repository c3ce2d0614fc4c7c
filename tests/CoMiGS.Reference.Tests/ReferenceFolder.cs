using System.Text.Json;

namespace CoMiGS.Reference.Tests;

/// <summary>Finds the cases: every manifest of a folder that names a case and a kind. COMIGS_REFERENCE points to another folder of the same format.</summary>
internal static class ReferenceFolder
{
    public static string Path { get; } = Given ?? System.IO.Path.Combine(AppContext.BaseDirectory, "Reference");

    /// <summary>Whether the cases are somebody else's.</summary>
    public static bool IsForeign => Given is not null;

    /// <summary>The sub-folder with checkpoints, adapters and tokenizers in Hugging Face's layout.</summary>
    public static string Models { get; } = System.IO.Path.Combine(Path, "models");

    /// <summary>The names of all cases of the given kinds.</summary>
    public static TheoryData<string> Cases(params string[] kinds)
    {
        var data = new TheoryData<string>();
        foreach (var name in Names(kinds))
        {
            data.Add(name);
        }

        return data;
    }

    /// <summary>The names of all cases of the given kinds, in order.</summary>
    public static IEnumerable<string> Names(params string[] kinds) => NamesIn(Path, kinds);

    /// <summary>The names of all cases of the given kinds in a folder, in order.</summary>
    public static IEnumerable<string> NamesIn(string folder, params string[] kinds) =>
        Files(folder, "*.json").Order(StringComparer.Ordinal)
            .Where(file => Kind(file) is { } kind && kinds.Contains(kind))
            .Select(file => System.IO.Path.GetFileNameWithoutExtension(file)!);

    /// <summary>The files of a folder; none where there is no such folder.</summary>
    public static string[] Files(string folder, string pattern) => Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];

    /// <summary>The manifest of a case.</summary>
    public static JsonElement Manifest(string name, string? folder = null) => JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(folder ?? Path, name + ".json"))).RootElement;

    private static string? Given => Environment.GetEnvironmentVariable("COMIGS_REFERENCE") is { Length: > 0 } folder ? folder : null;

    private static string? Kind(string manifest)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(manifest));
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("kind", out var kind) ? kind.GetString() : null;
    }
}
