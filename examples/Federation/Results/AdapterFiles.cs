using System.Security.Cryptography;

namespace CoMiGS.FederationTrial.Results;

/// <summary>The SHA-256 of every safetensors file of a device's adapters: names, shapes and numbers to the last bit.</summary>
/// <param name="Hashes">By the file's path within the folder.</param>
internal sealed record AdapterFiles(IReadOnlyDictionary<string, string> Hashes)
{
    private const string GeneralistFolder = "generalist-";

    /// <summary>Reads a folder of adapters.</summary>
    public static AdapterFiles Of(string folder) => new(
        Directory.EnumerateFiles(folder, "*.safetensors", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), Hash, StringComparer.Ordinal));

    /// <summary>The files of the generalists alone.</summary>
    public AdapterFiles Generalists => new(Hashes.Where(file => file.Key.StartsWith(GeneralistFolder, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal));

    /// <summary>One hash of all.</summary>
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(
        string.Join('\n', Hashes.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Value}  {file.Key}")))));

    /// <summary>Whether both have the same files, bit for bit; none at all are not the same.</summary>
    public bool Equal(AdapterFiles other) => Hashes.Count > 0 && Hashes.Count == other.Hashes.Count && Hashes.All(file => other.Hashes.GetValueOrDefault(file.Key) == file.Value);

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
