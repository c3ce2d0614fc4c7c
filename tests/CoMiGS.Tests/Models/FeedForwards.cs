using CoMiGS.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Models;

/// <summary>A feed-forward with one input projection, as in GPT-2.</summary>
internal sealed class PlainFeedForward : nn.Module<Tensor, Tensor>, IFeedForward
{
    private readonly Linear c_fc;
    private readonly Linear c_proj;

    public PlainFeedForward(long width, long hidden)
        : base(nameof(PlainFeedForward))
    {
        c_fc = nn.Linear(width, hidden);
        c_proj = nn.Linear(hidden, width);
        RegisterComponents();
    }

    public IReadOnlyList<FeedForwardPart> Inputs => [new("c_fc", c_fc)];

    public FeedForwardPart Output => new("c_proj", c_proj);

    public Tensor Combine(IReadOnlyList<Tensor> projected) => projected[0].tanh();

    public override Tensor forward(Tensor input) => c_proj.call(Combine([c_fc.call(input)]));
}

/// <summary>A feed-forward with two input projections, as in Llama.</summary>
internal sealed class GatedFeedForward : nn.Module<Tensor, Tensor>, IFeedForward
{
    private readonly Linear gate_proj;
    private readonly Linear up_proj;
    private readonly Linear down_proj;

    public GatedFeedForward(long width, long hidden)
        : base(nameof(GatedFeedForward))
    {
        gate_proj = nn.Linear(width, hidden, hasBias: false);
        up_proj = nn.Linear(width, hidden, hasBias: false);
        down_proj = nn.Linear(hidden, width, hasBias: false);
        RegisterComponents();
    }

    public IReadOnlyList<FeedForwardPart> Inputs => [new("gate_proj", gate_proj), new("up_proj", up_proj)];

    public FeedForwardPart Output => new("down_proj", down_proj);

    public Tensor Combine(IReadOnlyList<Tensor> projected) => nn.functional.silu(projected[0]) * projected[1];

    public override Tensor forward(Tensor input) => down_proj.call(Combine([gate_proj.call(input), up_proj.call(input)]));
}
