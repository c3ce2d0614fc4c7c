using CoMiGS.Checkpoints;
using static TorchSharp.torch;

namespace CoMiGS.Models.HuggingFace;

/// <summary>Compares the parameters of a model with the tensors of a checkpoint, and complains about every difference.</summary>
internal static class WeightMap
{
    /// <summary>Where every parameter comes from; a second output head that the files hold although it is tied is left to the caller.</summary>
    /// <param name="architecture">Knows the names.</param>
    /// <param name="model">A model on the meta device: shapes without memory.</param>
    /// <param name="files">The checkpoint.</param>
    /// <param name="problems">Where to collect differences.</param>
    public static IReadOnlyList<StoredWeight> Of(Architecture architecture, nn.Module model, SafetensorsReader files, List<string> problems)
    {
        var prefixed = architecture.IsPrefixed(files.Entries.Select(e => e.Name));
        var found = new List<StoredWeight>();
        var taken = new HashSet<string>();
        foreach (var (parameter, value) in model.named_parameters())
        {
            var stored = architecture.Stored(parameter, prefixed);
            if (!files.Contains(stored))
            {
                problems.Add($"The tensor '{stored}' is missing; it should be [{string.Join(", ", value.shape)}].");
                continue;
            }

            taken.Add(stored);
            var (entry, transposed) = (files[stored], architecture.IsTransposed(parameter));
            var wanted = transposed ? [.. value.shape.Reverse()] : value.shape;
            if (!is_floating_point(entry.Type))
            {
                problems.Add($"The tensor '{stored}' is {entry}, but weights have to be F32, F16, BF16 or F64. Quantized checkpoints are not read.");
            }
            else if (!entry.Shape.SequenceEqual(wanted))
            {
                problems.Add($"The tensor '{stored}' is {entry}, but {ConfigFile.FileName} asks for [{string.Join(", ", wanted)}].");
            }

            found.Add(new(parameter, entry, transposed));
        }

        foreach (var entry in files.Entries.Where(e => !taken.Contains(e.Name) && !architecture.Ignored.IsMatch(e.Name) && e.Name != Architecture.Head))
        {
            problems.Add($"The tensor '{entry.Name}' ({entry}) is not expected: the model that {ConfigFile.FileName} describes has none of that name.");
        }

        return found;
    }
}
