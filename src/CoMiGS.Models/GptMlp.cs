using CoMiGS.Kernels;
using CoMiGS.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>GPT-2's feed-forward: c_proj(gelu(c_fc(x))).</summary>
internal sealed class GptMlp : nn.Module<Tensor, Tensor>, IFeedForward
{
    [ComponentName(Name = "c_fc")]
    private readonly Linear _up; // d -> f

    [ComponentName(Name = "c_proj")]
    private readonly Linear _down; // f -> d

    private readonly Activation _activation;
    private readonly double _dropout;

    public GptMlp(GptOptions options, BlankLayers layers)
        : base(nameof(GptMlp))
    {
        _up = layers.Linear(options.Width, options.HiddenSize);
        _down = layers.Linear(options.HiddenSize, options.Width);
        _activation = options.Activation;
        _dropout = options.Dropout;
        RegisterComponents();
    }

    public IReadOnlyList<FeedForwardPart> Inputs => [new("c_fc", _up)];

    public FeedForwardPart Output => new("c_proj", _down);

    public Tensor Combine(IReadOnlyList<Tensor> projected) => _activation.Of(projected[0]);

    public CombineKind? Kernel => _activation == Activation.GeluTanh ? CombineKind.GeluTanh : null;

    /// <summary>What the activation keeps.</summary>
    public int KeptByCombine => _activation.Kept();

    public override Tensor forward(Tensor x) // (B, T, d)
    {
        var output = _down.call(_activation.Of(_up.call(x)));
        return training && _dropout > 0 ? nn.functional.dropout(output, _dropout, training: true) : output;
    }
}
