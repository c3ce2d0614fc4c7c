using System.Text.Json;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

/// <summary>What PEFT itself does with an adapter folder, written down a second time and without the library: which layers it wraps, how it sizes and scales them, and which keys it then looks up.</summary>
internal static class PeftRules
{
    // Fields of LoraConfig in PEFT 0.15; an unknown one is an error there.
    private static readonly string[] Fields =
    [
        "alpha_pattern", "auto_mapping", "base_model_name_or_path", "bias", "corda_config", "eva_config", "exclude_modules", "fan_in_fan_out", "inference_mode", "init_lora_weights",
        "layer_replication", "layers_pattern", "layers_to_transform", "loftq_config", "lora_alpha", "lora_bias", "lora_dropout", "megatron_config", "megatron_core", "modules_to_save", "peft_type",
        "r", "rank_pattern", "revision", "target_modules", "task_type", "trainable_token_indices", "use_dora", "use_rslora",
    ];

    /// <summary>Loads a folder into a model with the given layers as PEFT would; anything PEFT would complain about is a failure.</summary>
    /// <param name="folder">The adapter.</param>
    /// <param name="layers">Path, inputs and outputs of every linear layer of the class that PEFT wraps.</param>
    /// <param name="conv1d">Whether these are Conv1D, with weights (in, out).</param>
    /// <returns>The change s B A, (out, in), by layer.</returns>
    public static IReadOnlyDictionary<string, float[]> Load(string folder, IReadOnlyList<(string Path, long Inputs, long Outputs)> layers, bool conv1d)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "adapter_config.json")));
        var config = document.RootElement;
        config.EnumerateObject().Select(f => f.Name).Should().Equal(Fields, "PEFT writes every field, sorted");
        config.GetProperty("peft_type").GetString().Should().Be("LORA");
        config.GetProperty("inference_mode").GetBoolean().Should().BeTrue();
        config.GetProperty("fan_in_fan_out").GetBoolean().Should().Be(conv1d, "PEFT warns otherwise");
        config.GetProperty("bias").GetString().Should().Be("none");
        foreach (var off in new[] { "use_dora", "lora_bias" })
        {
            config.GetProperty(off).GetBoolean().Should().BeFalse();
        }

        using var scope = NewDisposeScope();
        var tensors = CoMiGS.Checkpoints.SafetensorsFile.Read(Path.Combine(folder, "adapter_model.safetensors")).ToDictionary();
        var updates = new Dictionary<string, float[]>();
        foreach (var (path, inputs, outputs) in layers.Where(l => IsTarget(config.GetProperty("target_modules"), l.Path)))
        {
            var rank = Lookup(config.GetProperty("rank_pattern"), path) ?? config.GetProperty("r").GetDouble();
            var alpha = Lookup(config.GetProperty("alpha_pattern"), path) ?? config.GetProperty("lora_alpha").GetDouble();
            var scale = alpha / (config.GetProperty("use_rslora").GetBoolean() ? Math.Sqrt(rank) : rank);
            tensors.Remove($"base_model.model.{path}.lora_A.weight", out var a).Should().BeTrue($"PEFT wraps {path} and looks for its lora_A");
            tensors.Remove($"base_model.model.{path}.lora_B.weight", out var b).Should().BeTrue($"PEFT wraps {path} and looks for its lora_B");
            a!.shape.Should().Equal((long)rank, inputs);
            b!.shape.Should().Equal(outputs, (long)rank);
            updates[path] = (b.mm(a) * scale).to(ScalarType.Float32).data<float>().ToArray();
        }

        tensors.Keys.Should().BeEmpty("PEFT has no place for any other key");
        return updates;
    }

    private static bool IsTarget(JsonElement targets, string path) => targets.ValueKind == JsonValueKind.String
        ? Regex.IsMatch(path, $@"\A(?:{targets.GetString()})\z")
        : targets.EnumerateArray().Select(t => t.GetString()!).Any(t => path == t || path.EndsWith("." + t, StringComparison.Ordinal));

    private static double? Lookup(JsonElement patterns, string path)
    {
        foreach (var entry in patterns.EnumerateObject())
        {
            if (Regex.IsMatch(path, $@"^(.*\.)?({entry.Name})$"))
            {
                return entry.Value.GetDouble();
            }
        }

        return null;
    }
}
