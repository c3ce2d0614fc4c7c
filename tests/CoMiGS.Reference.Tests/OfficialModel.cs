using System.Text.Json;
using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Parameters;

namespace CoMiGS.Reference.Tests;

/// <summary>Builds the library's model for a configuration of the released code, and translates its names.</summary>
internal static class OfficialModel
{
    private const string Prefix = "transformer.";

    /// <summary>The base model and experts of a case; attention adapters and every expert's adapters are loaded, routers too where the library has them.</summary>
    /// <param name="size">Manifest element with the sizes of the transformer.</param>
    /// <param name="experts">Manifest element with the experts' settings.</param>
    /// <param name="baseParameters">Frozen parameters by official names; random ones if null.</param>
    /// <param name="adapters">Trained parameters by official names.</param>
    /// <param name="type">Type to compute in.</param>
    /// <param name="strategy">What is shared, in the released code's words: expert_0, experts or all.</param>
    /// <param name="kernel">Whether the mixture may be one fused pass.</param>
    public static MoeModel Build(JsonElement size, JsonElement experts, IReadOnlyDictionary<string, Tensor>? baseParameters, IReadOnlyDictionary<string, Tensor> adapters, ScalarType type, string? strategy = null, bool kernel = true)
    {
        var model = new Gpt(new GptOptions
        {
            VocabularySize = Int(size, "vocab_size"),
            BlockSize = Int(size, "block_size"),
            Layers = Int(size, "n_layer"),
            Heads = Int(size, "n_head"),
            Width = Int(size, "n_embd"),
        });
        using var noGrad = no_grad();
        foreach (var (name, parameter) in baseParameters is null ? [] : model.named_parameters())
        {
            parameter.copy_(baseParameters![Prefix + name.Replace(".mlp.", ".mlp.experts.0.", StringComparison.Ordinal)]);
        }

        var moe = model.AddExperts(Options(size, experts, adapters, strategy, kernel));
        moe.Model.to(type);
        Load(moe, adapters);
        return moe;
    }

    /// <summary>Overwrites the trained parameters that are named; others stay.</summary>
    public static void Load(MoeModel moe, IReadOnlyDictionary<string, Tensor> values)
    {
        using var noGrad = no_grad();
        foreach (var parameter in moe.Parameters)
        {
            if (values.TryGetValue(OfficialName(parameter), out var value))
            {
                parameter.Value.copy_(value);
            }
        }
    }

    /// <summary>What the released code calls a parameter.</summary>
    public static string OfficialName(NamedParameter parameter) => Prefix + parameter.Name.Replace(".mlp.router.", ".mlp.per_token_router.", StringComparison.Ordinal);

    private static ExpertOptions Options(JsonElement size, JsonElement experts, IReadOnlyDictionary<string, Tensor> adapters, string? strategy, bool kernel)
    {
        var count = Int(experts, "expert_num");
        var shared = strategy is "experts" or "all" ? count : 1;
        var mean = Flag(experts, "is_no_router");
        return new ExpertOptions
        {
            UseKernel = kernel,
            Generalists = shared,
            Specialists = count - shared,
            Rank = (int)adapters.First(a => a.Key.EndsWith("experts.0.c_fc.lora_A", StringComparison.Ordinal)).Value.shape[0],
            AttentionRank = (int)adapters.First(a => a.Key.EndsWith("attn.c_attn.lora_A", StringComparison.Ordinal)).Value.shape[0],
            Alpha = Number(size, "lora_alpha") ?? 16,
            Scaling = LoraScaling.RankStabilized,
            Router = mean ? RouterKind.Mean : RouterKind.TopK,
            TopK = mean ? null : Math.Min(Int(experts, "topk_exp"), count),
            LoadBalance = Number(size, "load_balancing_lambda") ?? 0,
            GeneralistShare = Number(experts, "expert0_importance") ?? 0.5,
            UnselectedLogits = Routing.UnselectedLogits.Zero,
        };
    }

    /// <summary>The allow-list that stands for one of the released code's strategies.</summary>
    public static SharedRoles Roles(string strategy) =>
        strategy == "all" ? SharedRoles.Of(ParameterRole.Generalist, ParameterRole.Attention, ParameterRole.Router) : SharedRoles.Default;

    public static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static double? Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    public static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
