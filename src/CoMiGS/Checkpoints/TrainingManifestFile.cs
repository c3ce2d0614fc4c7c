using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CoMiGS.Checkpoints;

/// <summary>
/// The JSON file of a training state:
/// <code>
///   { "format_version": 1, "sha256": "hash of the text of state", "state": { ... } }
/// </code>
/// </summary>
internal static class TrainingManifestFile
{
    public const string FileName = "training.json";
    private const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static void Write(string folder, TrainingManifest manifest)
    {
        var state = JsonSerializer.Serialize(manifest, Format);
        AtomicFile.WriteText(Path.Combine(folder, FileName), $$"""
            {
            "format_version": {{CurrentVersion}},
            "sha256": "{{Hash(state)}}",
            "state": {{state}}
            }
            """);
    }

    /// <exception cref="InvalidDataException">The file is absent, of a later version, or not as it was written.</exception>
    public static TrainingManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"'{folder}' holds no {FileName}. It is no training state, or was cut off while it was copied or removed.");
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var version = document.RootElement.GetProperty("format_version").GetInt32();
            if (version != CurrentVersion)
            {
                throw new InvalidDataException($"'{path}': format_version is {version}; this library reads {CurrentVersion}. Use the library that wrote it.");
            }

            var state = document.RootElement.GetProperty("state");
            if (document.RootElement.GetProperty("sha256").GetString() != Hash(state.GetRawText()))
            {
                throw new InvalidDataException($"'{path}': its SHA-256 is not that of its content. It was edited or damaged.");
            }

            return state.Deserialize<TrainingManifest>(Format) ?? throw new JsonException("the state is null");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{path}' cannot be read ({e.Message}). It was cut off, edited or damaged.", e);
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
