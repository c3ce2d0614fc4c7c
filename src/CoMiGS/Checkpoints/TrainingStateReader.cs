using System.Security.Cryptography;
using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>Reads a training state and checks all of it before anybody uses any of it.</summary>
internal static class TrainingStateReader
{
    private const string Unset = "null"; // an option that is null is one that an older state does not know

    /// <summary>Reads the state at <paramref name="path"/>.</summary>
    /// <param name="path">A state that <see cref="TrainingStateFolder.Save"/> wrote.</param>
    /// <param name="own">The reader's own description, which the state must fit; its hashes do not matter.</param>
    /// <returns>What the state says, and its tensors by name, in the current dispose scope.</returns>
    /// <exception cref="InvalidDataException">The state is damaged or another's; the message lists every difference, with file and tensor.</exception>
    /// <exception cref="SafetensorsException">The file of tensors is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static (TrainingManifest Manifest, IReadOnlyDictionary<string, Tensor> Tensors) Read(string path, TrainingManifest own)
    {
        var manifest = TrainingManifestFile.Read(path);
        Refuse(Differences(Path.Combine(path, TrainingManifestFile.FileName), manifest, own));
        var file = Path.Combine(path, TrainingStateFolder.Weights);
        var tensors = SafetensorsFile.Read(file);
        Refuse(Damage(file, manifest, tensors));
        return (manifest, tensors);
    }

    /// <summary>SHA-256 of a tensor's bytes, in lower-case hexadecimal.</summary>
    public static string Hash(Tensor tensor)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        TensorWindows.ForEachBytes(tensor, hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Differences(string file, TrainingManifest saved, TrainingManifest own)
    {
        if (saved.Device != own.Device)
        {
            yield return $"'{file}': it is of device '{saved.Device}', but this is device '{own.Device}'. Give every device a folder of its own.";
        }

        if (saved.BaseFingerprint != own.BaseFingerprint)
        {
            yield return $"'{file}': base_fingerprint is {saved.BaseFingerprint}, but the model's base has {own.BaseFingerprint}. Load the base model that was trained on.";
        }

        foreach (var name in saved.Settings.Keys.Union(own.Settings.Keys).Order(StringComparer.Ordinal))
        {
            var (then, now) = (saved.Settings.GetValueOrDefault(name, Unset), own.Settings.GetValueOrDefault(name, Unset));
            if (then != now)
            {
                yield return $"'{file}': {name} is {then}, but here it is {now}. Use the options that training began with.";
            }
        }

        if (!Names(saved.Progress).SequenceEqual(Names(own.Progress)))
        {
            yield return $"'{file}': its optimizers train other parameters than those of this model.";
        }

        var found = saved.Tensors.ToDictionary(t => t.Name);
        foreach (var wanted in own.Tensors)
        {
            if (!found.Remove(wanted.Name, out var tensor))
            {
                yield return $"'{file}', tensor '{wanted.Name}': it is not in the state, but the model needs it.";
            }
            else if (tensor.ToString() != wanted.ToString())
            {
                yield return $"'{file}', tensor '{wanted.Name}': it is {tensor}, but the model needs {wanted}.";
            }
        }

        foreach (var tensor in found.Values)
        {
            yield return $"'{file}', tensor '{tensor.Name}': the model has no place for it.";
        }
    }

    private static IEnumerable<string> Damage(string file, TrainingManifest manifest, IReadOnlyDictionary<string, Tensor> tensors)
    {
        foreach (var promised in manifest.Tensors)
        {
            if (!tensors.TryGetValue(promised.Name, out var tensor))
            {
                yield return $"'{file}', tensor '{promised.Name}': it is missing. The file was edited or damaged.";
            }
            else if (new TensorEntry(promised.Name, SafetensorsType.Name(tensor.dtype), tensor.shape, "").ToString() != promised.ToString())
            {
                yield return $"'{file}', tensor '{promised.Name}': it is {SafetensorsType.Name(tensor.dtype)} [{string.Join(", ", tensor.shape)}], but {TrainingManifestFile.FileName} says {promised}. The file was edited or damaged.";
            }
            else if (Hash(tensor) is var hash && hash != promised.Sha256)
            {
                yield return $"'{file}', tensor '{promised.Name}': its SHA-256 is {hash}, but {TrainingManifestFile.FileName} says {promised.Sha256}. The file was edited or damaged.";
            }
        }
    }

    private static IEnumerable<string> Names(TrainingProgress progress) =>
        [.. progress.Experts.Parameters.Select(p => $"experts {p.Name}"), .. progress.Router.Parameters.Select(p => $"router {p.Name}")];

    private static void Refuse(IEnumerable<string> differences)
    {
        var list = differences.ToList();
        if (list.Count > 0)
        {
            throw new InvalidDataException(string.Join(Environment.NewLine, list));
        }
    }
}
