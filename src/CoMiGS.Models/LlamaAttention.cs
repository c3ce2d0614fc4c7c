using CoMiGS.Layers;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Causal self-attention with rotary positions, in which groups of query heads share a head of keys and values (arXiv 2305.13245).</summary>
internal sealed class LlamaAttention : nn.Module<Tensor, RotaryPass, Tensor>, IAttention
{
    // B batch, T window, S slots, d width, H heads, K heads of keys and values, e head width
    [ComponentName(Name = "q_proj")]
    private readonly nn.Module<Tensor, Tensor> _queries; // d -> H e

    [ComponentName(Name = "k_proj")]
    private readonly nn.Module<Tensor, Tensor> _keys; // d -> K e

    [ComponentName(Name = "v_proj")]
    private readonly nn.Module<Tensor, Tensor> _values; // d -> K e

    [ComponentName(Name = "o_proj")]
    private readonly nn.Module<Tensor, Tensor> _output; // H e -> d

    private readonly int _layer;
    private readonly long _headWidth;
    private readonly Scalar _scale;

    public LlamaAttention(LlamaOptions options, BlankLayers layers, int layer)
        : base(nameof(LlamaAttention))
    {
        _layer = layer;
        _headWidth = options.HeadSize;
        _queries = layers.Linear(options.Width, options.Heads * _headWidth, options.QueryKeyValueBias);
        _keys = layers.Linear(options.Width, options.KeyValueCount * _headWidth, options.QueryKeyValueBias);
        _values = layers.Linear(options.Width, options.KeyValueCount * _headWidth, options.QueryKeyValueBias);
        _output = layers.Linear(options.Heads * _headWidth, options.Width, options.AttentionOutputBias);
        _scale = (1 / Math.Sqrt(_headWidth)).ToScalar();
        RegisterComponents();
    }

    public IReadOnlyList<string> AdaptedProjections => ["q_proj", "k_proj", "v_proj", "o_proj"];

    public override Tensor forward(Tensor x, RotaryPass rotation) // (B, T, d)
    {
        using var scope = NewDisposeScope();
        var q = RotaryPositions.Turn(Heads(_queries.call(x)), rotation); // (B, H, T, e)
        var (k, v) = rotation.Pass.Remember(_layer, RotaryPositions.Turn(Heads(_keys.call(x)), rotation), Heads(_values.call(x))); // (B, K, S, e)
        var mixed = CausalAttention.Mix(q, k, v, _scale, rotation.Pass.Unseen, dropout: 0); // (B, T, H e)
        return _output.call(mixed).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor t) => t.view(t.shape[0], t.shape[1], -1, _headWidth).transpose(1, 2);
}
