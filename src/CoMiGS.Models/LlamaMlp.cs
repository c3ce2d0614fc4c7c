using CoMiGS.Kernels;
using CoMiGS.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Llama's feed-forward: down_proj(silu(gate_proj(x)) * up_proj(x)).</summary>
internal sealed class LlamaMlp : nn.Module<Tensor, Tensor>, IFeedForward
{
    [ComponentName(Name = "gate_proj")]
    private readonly Linear _gate; // d -> f

    [ComponentName(Name = "up_proj")]
    private readonly Linear _up; // d -> f

    [ComponentName(Name = "down_proj")]
    private readonly Linear _down; // f -> d

    private readonly Activation _activation;

    public LlamaMlp(LlamaOptions options, BlankLayers layers)
        : base(nameof(LlamaMlp))
    {
        _gate = layers.Linear(options.Width, options.HiddenWidth, options.FeedForwardBias);
        _up = layers.Linear(options.Width, options.HiddenWidth, options.FeedForwardBias);
        _down = layers.Linear(options.HiddenWidth, options.Width, options.FeedForwardBias);
        _activation = options.Activation;
        RegisterComponents();
    }

    public IReadOnlyList<FeedForwardPart> Inputs => [new("gate_proj", _gate), new("up_proj", _up)];

    public FeedForwardPart Output => new("down_proj", _down);

    public CombineKind? Kernel => _activation == Activation.Silu ? CombineKind.SiluGate : null;

    /// <summary>What the activation keeps, its result, and up.</summary>
    public int KeptByCombine => _activation.Kept() + 2;

    public Tensor Combine(IReadOnlyList<Tensor> projected) => _activation.Of(projected[0]) * projected[1];

    public override Tensor forward(Tensor x) // (B, T, d)
    {
        using var scope = NewDisposeScope();
        return _down.call(Combine([_gate.call(x), _up.call(x)])).MoveToOuterDisposeScope();
    }
}
