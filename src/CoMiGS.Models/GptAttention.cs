using CoMiGS.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Causal multi-head self-attention with one projection for queries, keys and values.</summary>
internal sealed class GptAttention : nn.Module<Tensor, AttentionPass, Tensor>, IAttention
{
    // B batch, T window, d width, H heads, e = d / H
    [ComponentName(Name = "c_attn")]
    private readonly nn.Module<Tensor, Tensor> _queryKeyValue; // d -> 3 d

    [ComponentName(Name = "c_proj")]
    private readonly nn.Module<Tensor, Tensor> _output; // d -> d

    private readonly int _layer;
    private readonly long _heads;
    private readonly double _dropout;
    private readonly Scalar _scale;

    public GptAttention(GptOptions options, BlankLayers layers, int layer)
        : base(nameof(GptAttention))
    {
        _queryKeyValue = layers.Linear(options.Width, 3L * options.Width);
        _output = layers.Linear(options.Width, options.Width);
        _layer = layer;
        _heads = options.Heads;
        _dropout = options.Dropout;
        _scale = (1 / Math.Sqrt((double)options.Width / options.Heads)).ToScalar();
        RegisterComponents();
    }

    public IReadOnlyList<string> AdaptedProjections => ["c_attn", "c_proj"];

    public override Tensor forward(Tensor x, AttentionPass pass) // (B, T, d)
    {
        using var scope = NewDisposeScope();
        var parts = _queryKeyValue.call(x).split(x.size(2), dim: 2); // 3 x (B, T, d)
        var (k, v) = pass.Remember(_layer, Heads(parts[1]), Heads(parts[2])); // (B, H, S, e)
        var mixed = CausalAttention.Mix(Heads(parts[0]), k, v, _scale, pass.Unseen, training ? _dropout : 0); // (B, T, d)
        return _output.call(mixed).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor t) => t.view(t.size(0), t.size(1), _heads, t.size(2) / _heads).transpose(1, 2);
}
