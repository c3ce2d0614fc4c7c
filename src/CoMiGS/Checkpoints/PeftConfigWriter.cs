using System.Text.Json;
using CoMiGS.Experts;
using CoMiGS.Planning;

namespace CoMiGS.Checkpoints;

/// <summary>Writes <c>adapter_config.json</c> as PEFT does: every field, sorted. The fields are those of PEFT 0.15, which later versions fill up and earlier ones know most of.</summary>
internal static class PeftConfigWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string ToJson(PeftConfig config, ModulePaths paths) => JsonSerializer.Serialize(
        new SortedDictionary<string, object?>(StringComparer.Ordinal)
        {
            ["alpha_pattern"] = Map(config.Alphas),
            ["auto_mapping"] = null,
            ["base_model_name_or_path"] = paths.BaseModel,
            ["bias"] = "none",
            ["corda_config"] = null,
            ["eva_config"] = null,
            ["exclude_modules"] = null,
            ["fan_in_fan_out"] = paths.FanInFanOut,
            ["inference_mode"] = true,
            ["init_lora_weights"] = true,
            ["layer_replication"] = null,
            ["layers_pattern"] = null,
            ["layers_to_transform"] = null,
            ["loftq_config"] = Map(null),
            ["lora_alpha"] = config.Lora.Alpha,
            ["lora_bias"] = false,
            ["lora_dropout"] = config.Lora.Dropout,
            ["megatron_config"] = null,
            ["megatron_core"] = "megatron.core",
            ["modules_to_save"] = null,
            ["peft_type"] = "LORA",
            ["r"] = config.Lora.Rank,
            ["rank_pattern"] = Map(config.Ranks),
            ["revision"] = null,
            ["target_modules"] = config.Targets.Targets is { } targets ? Names(targets) : null,
            ["task_type"] = "CAUSAL_LM",
            ["trainable_token_indices"] = null,
            ["use_dora"] = false,
            ["use_rslora"] = config.Lora.Scaling == LoraScaling.RankStabilized,
        },
        Indented);

    private static object Names(ModulePattern targets) => targets.Any() ? targets.ToArray() : targets.Text.Trim('"');

    private static SortedDictionary<string, double> Map(PeftPattern? pattern) =>
        new(pattern?.Entries.ToDictionary(e => e.Pattern, e => e.Value) ?? [], StringComparer.Ordinal);
}
