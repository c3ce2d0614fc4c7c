using CoMiGS.Layers;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Causal multi-head self-attention with one projection for queries, keys and values.</summary>
internal sealed class GptAttention : nn.Module<Tensor, Tensor>, IAttention
{
    // B batch, T window, d width, H heads, e = d / H
    [ComponentName(Name = "c_attn")]
    private readonly nn.Module<Tensor, Tensor> _queryKeyValue; // d -> 3 d

    [ComponentName(Name = "c_proj")]
    private readonly nn.Module<Tensor, Tensor> _output; // d -> d

    private readonly long _heads;
    private readonly double _dropout;
    private readonly Scalar _scale;
    private readonly Scalar _minusInfinity = double.NegativeInfinity.ToScalar();

    public GptAttention(GptOptions options)
        : base(nameof(GptAttention))
    {
        _queryKeyValue = nn.Linear(options.Width, 3L * options.Width);
        _output = nn.Linear(options.Width, options.Width);
        _heads = options.Heads;
        _dropout = options.Dropout;
        _scale = (1 / Math.Sqrt((double)options.Width / options.Heads)).ToScalar();
        RegisterComponents();
    }

    public IReadOnlyList<string> AdaptedProjections => ["c_attn", "c_proj"];

    public override Tensor forward(Tensor x) // (B, T, d)
    {
        using var scope = NewDisposeScope();
        var (batch, window, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var parts = _queryKeyValue.call(x).split(width, dim: 2); // 3 x (B, T, d)
        var (q, k, v) = (Heads(parts[0]), Heads(parts[1]), Heads(parts[2])); // (B, H, T, e)
        var future = ones([window, window], ScalarType.Bool, x.device).triu(1); // (T, T)
        var scores = (q * _scale).matmul(k.transpose(-2, -1)).masked_fill(future, _minusInfinity); // (B, H, T, T)
        var weights = scores.softmax(-1);
        if (training && _dropout > 0)
        {
            weights = nn.functional.dropout(weights, _dropout, training: true);
        }

        var mixed = weights.matmul(v).transpose(1, 2).reshape(batch, window, width); // (B, T, d)
        return _output.call(mixed).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor t) => t.view(t.shape[0], t.shape[1], _heads, t.shape[2] / _heads).transpose(1, 2);
}
