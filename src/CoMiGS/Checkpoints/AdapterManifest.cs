using System.Text.Json;
using System.Text.Json.Serialization;
using CoMiGS.Experts;
using CoMiGS.Layers;

namespace CoMiGS.Checkpoints;

/// <summary>The <c>comigs.json</c> of a folder of adapters: what PEFT's files cannot say.</summary>
internal sealed record AdapterManifest(
    [property: JsonPropertyName("format_version")] int FormatVersion,
    [property: JsonPropertyName("base_fingerprint")] string BaseFingerprint,
    [property: JsonPropertyName("generalists")] int Generalists,
    [property: JsonPropertyName("specialists")] int Specialists,
    [property: JsonPropertyName("top_k")] int TopK,
    [property: JsonPropertyName("router")] RouterKind Router,
    [property: JsonPropertyName("r")] int Rank,
    [property: JsonPropertyName("lora_alpha")] double Alpha,
    [property: JsonPropertyName("lora_scaling")] LoraScaling Scaling,
    [property: JsonPropertyName("attention_r")] int AttentionRank)
{
    public const string FileName = "comigs.json";
    public const int CurrentVersion = 2; // 1: keys as the model names its modules; 2: as the class that PEFT wraps does

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    public static AdapterManifest Of(MoeModel model) => new(
        CurrentVersion,
        model.BaseFingerprint,
        model.Layout.Generalists,
        model.Layout.Specialists,
        model.Layout.TopK,
        model.Layout.Router,
        model.Layout.Lora.Rank,
        model.Layout.Lora.Alpha,
        model.Layout.Lora.Scaling,
        model.Layout.Attention?.Rank ?? 0);

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <exception cref="InvalidDataException">There is no manifest, or it cannot be read.</exception>
    public static AdapterManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"'{folder}' holds no {FileName}, so it was not written by Save. Give the folder that Save was given.");
        }

        try
        {
            return JsonSerializer.Deserialize<AdapterManifest>(File.ReadAllText(path), Format) ?? throw new JsonException("it is empty");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' cannot be read ({e.Message}). It was cut off or edited.", e);
        }
    }

    /// <summary>Every difference that makes the files unfit for a model, as sentences.</summary>
    public IEnumerable<string> Differences(AdapterManifest model)
    {
        if (FormatVersion > CurrentVersion)
        {
            yield return $"format_version is {FormatVersion}; this library reads up to {CurrentVersion}. Use a newer version of it.";
        }

        if (BaseFingerprint != model.BaseFingerprint)
        {
            yield return $"base_fingerprint is {BaseFingerprint}, but the model's base has {model.BaseFingerprint}. Load the base model these adapters were trained on, in the same type.";
        }

        foreach (var (name, saved, wanted) in new (string, object, object)[]
        {
            ("generalists", Generalists, model.Generalists), ("specialists", Specialists, model.Specialists), ("top_k", TopK, model.TopK), ("router", Router, model.Router),
            ("r", Rank, model.Rank), ("lora_alpha", Alpha, model.Alpha), ("lora_scaling", Scaling, model.Scaling), ("attention_r", AttentionRank, model.AttentionRank),
        })
        {
            if (!saved.Equals(wanted))
            {
                yield return $"{name} is {saved}, but the model has {wanted}. Add experts with the options the adapters were trained with.";
            }
        }
    }
}
