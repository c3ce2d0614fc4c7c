using System.Text.Json;
using System.Text.Json.Serialization;
using CoMiGS.Experts;
using CoMiGS.Layers;

namespace CoMiGS.Checkpoints;

/// <summary>The <c>adapter_config.json</c> of one adapter in PEFT's layout.</summary>
internal sealed record PeftConfig(
    [property: JsonPropertyName("peft_type")] string PeftType,
    [property: JsonPropertyName("task_type")] string TaskType,
    [property: JsonPropertyName("r")] int Rank,
    [property: JsonPropertyName("lora_alpha")] double Alpha,
    [property: JsonPropertyName("lora_dropout")] double Dropout,
    [property: JsonPropertyName("use_rslora")] bool UseRslora,
    [property: JsonPropertyName("target_modules")] IReadOnlyList<string> TargetModules,
    [property: JsonPropertyName("bias")] string Bias,
    [property: JsonPropertyName("fan_in_fan_out")] bool FanInFanOut,
    [property: JsonPropertyName("inference_mode")] bool InferenceMode)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static PeftConfig Of(AdapterGroup group) => new(
        "LORA",
        "CAUSAL_LM",
        group.Config.Rank,
        group.Config.Alpha,
        group.Config.Dropout,
        group.Config.Scaling == LoraScaling.RankStabilized,
        [.. group.Adapters.Select(a => a.Path).Order(StringComparer.Ordinal)],
        "none",
        FanInFanOut: false,
        InferenceMode: true);

    public string ToJson() => JsonSerializer.Serialize(this, Indented);
}
