using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Loading;

/// <summary>Names, shapes and configuration of a checkpoint in Hugging Face's layout.</summary>
/// <param name="Name">What it is the shape of.</param>
/// <param name="Type">The type of its weights.</param>
/// <param name="Config">The text of <c>config.json</c>.</param>
/// <param name="Tensors">Its tensors, in order.</param>
public sealed record CheckpointShape(string Name, ScalarType Type, string Config, IReadOnlyList<(string Name, long[] Shape)> Tensors)
{
    /// <summary>Bytes of all tensors.</summary>
    public long Bytes => Tensors.Sum(tensor => tensor.Shape.Aggregate((long)Type.ElementSize(), (bytes, size) => bytes * size));

    /// <summary>GPT-2, by default the small one: Conv1D matrices (in, out), and the masks that its published file holds and a loader leaves out.</summary>
    public static CheckpointShape Gpt2(string name = "GPT-2-small", int layers = 12, int width = 768, int heads = 12, int vocabulary = 50257, int window = 1024) => new(
        name,
        ScalarType.Float32,
        $$"""{"architectures":["GPT2LMHeadModel"],"model_type":"gpt2","vocab_size":{{vocabulary}},"n_positions":{{window}},"n_ctx":{{window}},"n_embd":{{width}},"n_layer":{{layers}},"n_head":{{heads}},"activation_function":"gelu_new","layer_norm_epsilon":1e-05}""",
        [
            ("wte.weight", [vocabulary, width]),
            ("wpe.weight", [window, width]),
            .. Enumerable.Range(0, layers).SelectMany(layer => new (string, long[])[]
            {
                ($"h.{layer}.ln_1.weight", [width]), ($"h.{layer}.ln_1.bias", [width]),
                ($"h.{layer}.attn.bias", [1, 1, window, window]),
                ($"h.{layer}.attn.c_attn.weight", [width, 3 * width]), ($"h.{layer}.attn.c_attn.bias", [3 * width]),
                ($"h.{layer}.attn.c_proj.weight", [width, width]), ($"h.{layer}.attn.c_proj.bias", [width]),
                ($"h.{layer}.ln_2.weight", [width]), ($"h.{layer}.ln_2.bias", [width]),
                ($"h.{layer}.mlp.c_fc.weight", [width, 4 * width]), ($"h.{layer}.mlp.c_fc.bias", [4 * width]),
                ($"h.{layer}.mlp.c_proj.weight", [4 * width, width]), ($"h.{layer}.mlp.c_proj.bias", [width]),
            }),
            ("ln_f.weight", [width]), ("ln_f.bias", [width]),
        ]);

    /// <summary>Llama 3.2, by default the one with 1.2 billion parameters.</summary>
    public static CheckpointShape Llama(
        string name = "Llama-3.2-1B", int layers = 16, int width = 2048, int heads = 32, int keyValueHeads = 8, int headWidth = 64, int hidden = 8192, int vocabulary = 128256) => new(
        name,
        ScalarType.BFloat16,
        $$"""
        {"architectures":["LlamaForCausalLM"],"model_type":"llama","vocab_size":{{vocabulary}},"max_position_embeddings":131072,"hidden_size":{{width}},"intermediate_size":{{hidden}},
        "num_hidden_layers":{{layers}},"num_attention_heads":{{heads}},"num_key_value_heads":{{keyValueHeads}},"head_dim":{{headWidth}},"hidden_act":"silu","rms_norm_eps":1e-05,"rope_theta":500000.0,
        "rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":8192,"rope_type":"llama3"},
        "attention_bias":false,"mlp_bias":false,"tie_word_embeddings":true,"torch_dtype":"bfloat16"}
        """,
        [
            ("model.embed_tokens.weight", [vocabulary, width]),
            .. Enumerable.Range(0, layers).Select(layer => $"model.layers.{layer}.").SelectMany(layer => new (string, long[])[]
            {
                ($"{layer}input_layernorm.weight", [width]),
                ($"{layer}self_attn.q_proj.weight", [heads * headWidth, width]),
                ($"{layer}self_attn.k_proj.weight", [keyValueHeads * headWidth, width]),
                ($"{layer}self_attn.v_proj.weight", [keyValueHeads * headWidth, width]),
                ($"{layer}self_attn.o_proj.weight", [width, heads * headWidth]),
                ($"{layer}post_attention_layernorm.weight", [width]),
                ($"{layer}mlp.gate_proj.weight", [hidden, width]),
                ($"{layer}mlp.up_proj.weight", [hidden, width]),
                ($"{layer}mlp.down_proj.weight", [width, hidden]),
            }),
            ("model.norm.weight", [width]),
        ]);
}
