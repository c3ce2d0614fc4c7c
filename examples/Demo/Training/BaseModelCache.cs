using CoMiGS.Checkpoints;
using CoMiGS.Models;
using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Demo.Training;

/// <summary>Keeps trained base models on disk. A file that was cut off or changed is noticed by its fingerprint and not used.</summary>
/// <param name="folder">Where the files lie.</param>
public sealed class BaseModelCache(string folder)
{
    private const string Fingerprint = "fingerprint";

    /// <summary>The file for a key.</summary>
    public string FileOf(string key) => Path.Combine(folder, $"base-{key}.safetensors");

    /// <summary>Fills <paramref name="model"/> from the file of <paramref name="key"/>.</summary>
    /// <returns>Whether that worked, and what was wrong with a file that could not be used.</returns>
    public (bool Loaded, string? Problem) TryLoad(Gpt model, string key)
    {
        var file = FileOf(key);
        if (!File.Exists(file))
        {
            return (false, null);
        }

        try
        {
            Load(model, file);
            var expected = SafetensorsFile.ReadMetadata(file).GetValueOrDefault(Fingerprint);
            return BaseFingerprint.Of(model) == expected
                ? (true, null)
                : (false, $"{file} was changed after it was written; the model is trained again");
        }
        catch (Exception damaged) when (damaged is SafetensorsException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return (false, $"{file} cannot be used ({damaged.Message}); the model is trained again");
        }
    }

    /// <summary>Writes the file of <paramref name="key"/>; a cache that cannot be written to is no reason to stop.</summary>
    /// <returns>What was wrong, or null.</returns>
    public string? TrySave(Gpt model, string key)
    {
        try
        {
            SafetensorsFile.Write(
                FileOf(key),
                model.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter)),
                new Dictionary<string, string> { [Fingerprint] = BaseFingerprint.Of(model) });
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return $"the model was not cached: {cause.Message}";
        }
    }

    private static void Load(Gpt model, string file)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var stored = SafetensorsFile.Read(file);
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (!stored.TryGetValue(name, out var value) || !value.shape.SequenceEqual(parameter.shape))
            {
                throw new InvalidDataException($"the tensor '{name}' is missing or of another shape");
            }

            parameter.copy_(value);
        }
    }
}
