using System.Globalization;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>
/// A folder of training states, the newest and a good one before it:
/// <code>
///   state/state-00000041/training.json           progress, options, hashes
///   state/state-00000041/training.safetensors    adapters, routers and both moments of each
///   state/state-00000042/                        likewise
/// </code>
/// A state appears under its name by one rename, when it is complete; so at every moment whatever has a name is whole.
/// </summary>
internal static class TrainingStateFolder
{
    public const string Weights = "training.safetensors";
    private const string Prefix = "state-";

    /// <summary>Writes a new state and removes what is older than the one before it.</summary>
    /// <param name="folder">The folder of states.</param>
    /// <param name="manifest">Describes it; its hashes are those of <paramref name="tensors"/>.</param>
    /// <param name="tensors">The tensors, in the manifest's order.</param>
    /// <param name="lastGood">The state to keep beside the new one, or null to keep the newest there is.</param>
    /// <returns>Path of the new state.</returns>
    /// <exception cref="IOException">The place cannot be written to; the states in it are untouched.</exception>
    public static string Save(string folder, TrainingManifest manifest, IEnumerable<(string Name, Tensor Value)> tensors, string? lastGood)
    {
        RemoveLeftovers(folder);
        var before = States(folder);
        var path = Path.Combine(Path.GetFullPath(folder), $"{Prefix}{(before.Count == 0 ? 1 : Number(before[0])!.Value + 1):D8}");
        AtomicFolder.Write(path, root =>
        {
            SafetensorsFile.Write(Path.Combine(root, Weights), tensors);
            TrainingManifestFile.Write(root, manifest);
        });
        var kept = before.Contains(lastGood) ? lastGood : before.Count > 0 ? before[0] : null;
        foreach (var old in before.Where(state => state != kept))
        {
            Directory.Delete(old, recursive: true);
        }

        return path;
    }

    /// <summary>Paths of the states in a folder, the newest first; none if there is no folder.</summary>
    public static IReadOnlyList<string> States(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.GetDirectories(Path.GetFullPath(folder), $"{Prefix}*").Where(path => Number(path) is not null).OrderByDescending(Number)]
            : [];

    private static long? Number(string path) =>
        long.TryParse(Path.GetFileName(path).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>What processes that were killed while they wrote have left behind.</summary>
    private static void RemoveLeftovers(string folder)
    {
        if (Directory.Exists(folder))
        {
            foreach (var left in Directory.GetDirectories(folder, $"{Prefix}*.tmp"))
            {
                Directory.Delete(left, recursive: true);
            }
        }
    }
}
