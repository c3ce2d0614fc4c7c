using System.Text.Json;
using CoMiGS.Diagnostics;
using CoMiGS.Experts;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Checkpoints;

/// <summary>Reads <c>adapter_config.json</c>: missing fields take PEFT's defaults, unknown ones are ignored with a warning, and what is more than plain LoRA is refused.</summary>
internal static class PeftConfigReader
{
    private const long LongestFile = 16 << 20;

    // Plain LoRA afterwards: these draw the factors and leave the base model alone.
    private static readonly string[] HarmlessInitialisations = ["gaussian", "orthogonal"];

    private static readonly string[] Ignored =
    [
        "auto_mapping", "base_model_name_or_path", "ensure_weight_tying", "fan_in_fan_out", "inference_mode", "megatron_core", "peft_version", "qalora_group_size", "revision", "task_type",
    ];

    // Each brings tensors or a forward pass of its own.
    private static readonly (string Field, string Means)[] Variants =
    [
        ("use_dora", "DoRA"), ("use_qalora", "QALoRA"), ("use_bdlora", "BD-LoRA"), ("lora_bias", "a bias of lora_B"), ("modules_to_save", "full copies of modules"),
        ("layer_replication", "copied layers"), ("trainable_token_indices", "trained embeddings"), ("target_parameters", "adapted parameters that are no linear layer"),
        ("megatron_config", "Megatron's parallel layers"), ("loftq_config", "a quantised base (LoftQ)"), ("eva_config", "EVA"), ("corda_config", "a changed base (CorDA)"),
        ("lora_ga_config", "a changed base (LoRA-GA)"), ("velora_config", "VeLoRA"), ("kasa_config", "KaSA"), ("monteclora_config", "MonteCLoRA"), ("arrow_config", "Arrow"),
        ("alora_invocation_tokens", "activated LoRA"),
    ];

    /// <summary>Reads a file; adds to the problems all that keeps it from being used.</summary>
    /// <returns>The configuration, or null if there are problems.</returns>
    public static PeftConfig? Read(string file, AdapterProblems problems, ILogger logger)
    {
        if (new FileInfo(file).Length > LongestFile)
        {
            problems.Add($"'{file}' has more than {LongestFile >> 20} MiB, which no configuration of an adapter has.");
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            var fields = new PeftFields(file, document.RootElement, problems);
            var config = Config(fields);
            if (fields.Unknown(Ignored) is { Count: > 0 } unknown)
            {
                logger.AdapterFieldsIgnored(file, string.Join(", ", unknown));
            }

            return config;
        }
        catch (JsonException e)
        {
            problems.Add($"'{file}' cannot be read ({e.Message}). It was cut off or edited.");
            return null;
        }
    }

    private static PeftConfig? Config(PeftFields fields)
    {
        if (fields.Text("peft_type", "LORA") is { } kind && kind != "LORA")
        {
            fields.Problem("peft_type", $"is '{kind}'; only LORA can be used");
        }

        if (fields.Text("bias", "none") is { } bias && bias != "none")
        {
            fields.Problem("bias", $"is '{bias}': biases of the base were trained too. Train with bias=\"none\"");
        }

        if (fields.TextOrNull("init_lora_weights") is { } start && !HarmlessInitialisations.Contains(start))
        {
            fields.Problem("init_lora_weights", $"is '{start}', which may have changed the base's weights. Have PEFT convert the adapter when it saves it (path_initial_model_for_weight_conversion)");
        }

        foreach (var (field, means) in Variants.Where(v => fields.IsSet(v.Field)))
        {
            fields.Problem(field, $"is set: the adapter uses {means}, which this library does not have. Use a plain LoRA adapter");
        }

        var lora = new LoraConfig(
            (int)fields.Integer("r", 8),
            fields.Number("lora_alpha", 8),
            fields.Flag("use_rslora") ? LoraScaling.RankStabilized : LoraScaling.Classic,
            fields.Number("lora_dropout", 0));
        var (ranks, alphas) = (fields.Pattern("rank_pattern", whole: true), fields.Pattern("alpha_pattern", whole: false));
        var targets = new PeftTargets(fields.Names("target_modules"), fields.Names("exclude_modules"), fields.Integers("layers_to_transform"), fields.LayersPatterns("layers_pattern"));
        return fields.AnyProblem ? null : new(lora, ranks, alphas, targets);
    }
}
