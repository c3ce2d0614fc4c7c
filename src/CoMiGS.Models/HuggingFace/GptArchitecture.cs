using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CoMiGS.Models.HuggingFace;

/// <summary>GPT-2: names with or without <c>transformer.</c>, projections stored as (in, out), masks among the tensors of older files.</summary>
internal sealed partial class GptArchitecture : Architecture
{
    private const string Prefix = "transformer.";

    public override string ModelType => "gpt2";

    public override Type Model => typeof(Gpt);

    public override IReadOnlyList<string> Classes => ["GPT2LMHeadModel", "GPT2Model"];

    public override Regex Ignored => Masks();

    public override string Embeddings => "wte.weight";

    public override ModelPlan Read(ConfigFile config)
    {
        var options = new GptOptions
        {
            VocabularySize = config.Count("vocab_size"),
            BlockSize = config.Count("n_positions"),
            Layers = config.Count("n_layer"),
            Heads = config.Count("n_head"),
            Width = config.Count("n_embd"),
            HiddenWidth = config.CountOrNull("n_inner"),
            LayerNormEpsilon = config.Number("layer_norm_epsilon", 1e-5),
            Activation = ActivationNames.Read(config, "activation_function", Activation.GeluTanh),
        };
        foreach (var (field, usual) in new[] { ("tie_word_embeddings", true), ("scale_attn_weights", true), ("scale_attn_by_inverse_layer_idx", false), ("add_cross_attention", false) })
        {
            if (config.Flag(field, usual) != usual)
            {
                config.Refuse(field, $"{(usual ? "true" : "false")}, as in GPT-2; the variant is not built here");
            }
        }

        return new(options, options.Layers, layers => new Gpt(options, layers));
    }

    public override JsonObject Write(LanguageModel model)
    {
        var options = ((Gpt)model).Options;
        return new()
        {
            ["vocab_size"] = options.VocabularySize,
            ["n_positions"] = options.BlockSize,
            ["n_ctx"] = options.BlockSize,
            ["n_layer"] = options.Layers,
            ["n_head"] = options.Heads,
            ["n_embd"] = options.Width,
            ["n_inner"] = options.HiddenWidth,
            ["layer_norm_epsilon"] = options.LayerNormEpsilon,
            ["activation_function"] = ActivationNames.Of(options.Activation),
            ["tie_word_embeddings"] = true,
        };
    }

    public override string Stored(string parameter, bool prefixed) => prefixed ? Prefix + parameter : parameter;

    public override bool IsPrefixed(IEnumerable<string> stored) => stored.Any(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    public override bool IsTransposed(string parameter) => Projections().IsMatch(parameter);

    [GeneratedRegex(@"^(transformer\.)?h\.\d+\.attn\.(bias|masked_bias)$")]
    private static partial Regex Masks();

    [GeneratedRegex(@"\.(c_attn|c_proj|c_fc)\.weight$")]
    private static partial Regex Projections();
}
