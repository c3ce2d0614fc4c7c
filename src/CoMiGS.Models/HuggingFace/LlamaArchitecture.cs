using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CoMiGS.Models.HuggingFace;

/// <summary>Llama and its relatives of the same build.</summary>
internal sealed partial class LlamaArchitecture : Architecture
{
    private const string Qwen2 = "qwen2";

    public LlamaArchitecture(string modelType, string modelClass) => (ModelType, Classes) = (modelType, [modelClass]);

    public override string ModelType { get; }

    public override IReadOnlyList<string> Classes { get; }

    public override Type Model => typeof(Llama);

    public override Regex Ignored => Frequencies();

    public override string Embeddings => "model.embed_tokens.weight";

    public override ModelPlan Read(ConfigFile config)
    {
        var qwen = ModelType == Qwen2;
        var attentionBias = !qwen && config.Flag("attention_bias");
        var (theta, scaling) = RopeConfig.Read(config);
        var options = new LlamaOptions
        {
            VocabularySize = config.Count("vocab_size"),
            BlockSize = config.Count("max_position_embeddings", qwen ? 32768 : 2048),
            Layers = config.Count("num_hidden_layers"),
            Heads = config.Count("num_attention_heads"),
            KeyValueHeads = config.CountOrNull("num_key_value_heads"),
            HeadWidth = config.CountOrNull("head_dim"),
            Width = config.Count("hidden_size"),
            HiddenWidth = config.Count("intermediate_size"),
            Activation = ActivationNames.Read(config, "hidden_act", Activation.Silu),
            NormEpsilon = config.Number("rms_norm_eps", 1e-6),
            RopeTheta = theta,
            RopeScaling = scaling,
            QueryKeyValueBias = qwen || attentionBias,
            AttentionOutputBias = attentionBias,
            FeedForwardBias = !qwen && config.Flag("mlp_bias"),
            TiedHead = config.Flag("tie_word_embeddings"),
        };
        if (config.Flag("use_sliding_window"))
        {
            config.Refuse("use_sliding_window", "false: attention here always sees the whole window");
        }

        if (config.Texts("layer_types").Any(type => type != "full_attention"))
        {
            config.Refuse("layer_types", "full_attention in every layer");
        }

        return new(options, options.Layers, layers => new Llama(options, layers));
    }

    public override JsonObject Write(LanguageModel model)
    {
        var options = ((Llama)model).Options;
        var config = new JsonObject
        {
            ["vocab_size"] = options.VocabularySize,
            ["max_position_embeddings"] = options.BlockSize,
            ["num_hidden_layers"] = options.Layers,
            ["num_attention_heads"] = options.Heads,
            ["num_key_value_heads"] = options.KeyValueCount,
            ["head_dim"] = options.HeadSize,
            ["hidden_size"] = options.Width,
            ["intermediate_size"] = options.HiddenWidth,
            ["hidden_act"] = ActivationNames.Of(options.Activation),
            ["rms_norm_eps"] = options.NormEpsilon,
            ["rope_theta"] = options.RopeTheta,
            ["rope_scaling"] = Scaling(options.RopeScaling),
            ["tie_word_embeddings"] = options.TiedHead,
        };
        if (ModelType == Qwen2)
        {
            config["use_sliding_window"] = false;
        }
        else
        {
            config["attention_bias"] = options.QueryKeyValueBias;
            config["mlp_bias"] = options.FeedForwardBias;
        }

        return config;
    }

    /// <summary>Biases tell the relatives apart: none or everywhere in the attention is Llama's, all but the output's is Qwen2's.</summary>
    protected override bool Fits(LanguageModel model) =>
        model is Llama { Options: var options } && (ModelType == Qwen2
            ? options is { QueryKeyValueBias: true, AttentionOutputBias: false, FeedForwardBias: false }
            : options.QueryKeyValueBias == options.AttentionOutputBias);

    private static JsonObject? Scaling(RopeScaling? scaling) => scaling switch
    {
        LinearRopeScaling linear => new() { ["rope_type"] = linear.Name, ["factor"] = linear.Factor },
        Llama3RopeScaling llama3 => new()
        {
            ["rope_type"] = llama3.Name,
            ["factor"] = llama3.Factor,
            ["low_freq_factor"] = llama3.LowFrequencyFactor,
            ["high_freq_factor"] = llama3.HighFrequencyFactor,
            ["original_max_position_embeddings"] = llama3.OriginalBlockSize,
        },
        _ => null,
    };

    [GeneratedRegex(@"^model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq$")]
    private static partial Regex Frequencies();
}
