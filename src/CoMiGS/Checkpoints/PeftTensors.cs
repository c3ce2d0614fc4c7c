using System.Text.RegularExpressions;
using CoMiGS.Experts;
using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>The tensors of an <c>adapter_model.safetensors</c>: pairs of A and B by the path of their layer.</summary>
internal static class PeftTensors
{
    private const string Prefix = "base_model.model.";
    private const string SuffixA = ".lora_A.weight";
    private const string SuffixB = ".lora_B.weight";

    // What a key that is no factor says about the adapter; the first ending that fits counts.
    private static readonly (string Ending, string Means)[] Foreign =
    [
        (".lora_embedding_A", "it adapts an embedding"), (".lora_embedding_B", "it adapts an embedding"), (".lora_magnitude_vector", "it is a DoRA adapter"),
        (".lora_B.bias", "its lora_B has a bias"), (".bias", "a bias of the base was trained too"), (".weight", "it is a full copy of a weight (modules_to_save, or a trained embedding)"),
    ];

    public static IEnumerable<(string Name, Tensor Value)> Of(string path, LoraAdapter adapter) =>
        [($"{Prefix}{path}{SuffixA}", adapter.A), ($"{Prefix}{path}{SuffixB}", adapter.B)];

    /// <summary>Reads and checks all pairs. Without a configuration only the tensors themselves are checked.</summary>
    /// <exception cref="SafetensorsException">The file is damaged.</exception>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static IReadOnlyList<PeftModule> Read(string file, PeftConfig? config, AdapterProblems problems)
    {
        var tensors = SafetensorsFile.Read(file);
        foreach (var key in tensors.Keys.Where(k => PathOf(k, SuffixA) is null && PathOf(k, SuffixB) is null))
        {
            var means = Foreign.Where(f => key.EndsWith(f.Ending, StringComparison.Ordinal)).Select(f => f.Means).FirstOrDefault() ?? "it is no key of PEFT's LoRA";
            problems.Add($"'{file}', tensor '{key}': {means}. Only {Prefix}(path){SuffixA} and {SuffixB} can be used.");
        }

        var paths = tensors.Keys.Select(k => PathOf(k, SuffixA) ?? PathOf(k, SuffixB)).OfType<string>().Distinct().ToList();
        if (paths.Count == 0)
        {
            problems.Add($"'{file}' holds no {SuffixA} and {SuffixB} at all.");
        }

        return [.. paths.Select(path => Module(file, path, tensors, config, problems)).OfType<PeftModule>()];
    }

    private static PeftModule? Module(string file, string path, IReadOnlyDictionary<string, Tensor> tensors, PeftConfig? config, AdapterProblems problems)
    {
        var (a, b) = (Factor(path + SuffixA), Factor(path + SuffixB));
        if (a is null || b is null || config is null)
        {
            return null;
        }

        if (a.shape[0] != b.shape[1])
        {
            problems.Add($"'{file}', layer '{path}': lora_A is [{string.Join(", ", a.shape)}] and lora_B [{string.Join(", ", b.shape)}], whose ranks differ.");
            return null;
        }

        try
        {
            var lora = config.For(path);
            problems.AddRange(lora.Violations().Select(v => $"'{file}', layer '{path}': {v}"));
            if (lora.Rank != a.shape[0])
            {
                problems.Add($"'{file}', layer '{path}': its rank is {a.shape[0]}, but {PeftConfig.FileName} says {lora.Rank}.");
            }
            else if (config.Targets.Hit(path) == false)
            {
                problems.Add($"'{file}', layer '{path}': it is not among the target_modules of {PeftConfig.FileName}, so PEFT would not load it.");
            }

            return new(path, a, b, lora);
        }
        catch (RegexMatchTimeoutException e)
        {
            problems.Add($"'{file}', layer '{path}': the expression '{e.Pattern}' of {PeftConfig.FileName} takes too long to match. Write it with fewer repetitions.");
            return null;
        }

        Tensor? Factor(string ending)
        {
            var problem = !tensors.TryGetValue(Prefix + ending, out var tensor) ? "it is missing"
                : tensor.dim() != 2 || tensor.shape.Contains(0) ? $"its shape is [{string.Join(", ", tensor.shape)}]; a factor of LoRA is a matrix"
                : !tensor.is_floating_point() ? $"its type is {SafetensorsType.Name(tensor.dtype)}; use F32, F16 or BF16"
                : null;
            var value = problem is null ? tensor!.Cast(tensor!.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32) : null;
            problem ??= value!.isfinite().all().ToBoolean() ? null : "it holds values that are not finite";
            if (problem is null)
            {
                return value;
            }

            problems.Add($"'{file}', tensor '{Prefix}{ending}': {problem}.");
            return null;
        }
    }

    private static string? PathOf(string key, string suffix) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) && key.EndsWith(suffix, StringComparison.Ordinal) && key.Length > Prefix.Length + suffix.Length
            ? key[Prefix.Length..^suffix.Length]
            : null;
}
