using CoMiGS.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>GPT-2's feed-forward: c_proj(gelu(c_fc(x))), four times as wide as the model.</summary>
internal sealed class GptMlp : nn.Module<Tensor, Tensor>, IFeedForward
{
    [ComponentName(Name = "c_fc")]
    private readonly Linear _up; // d -> 4 d

    [ComponentName(Name = "c_proj")]
    private readonly Linear _down; // 4 d -> d

    private readonly double _dropout;

    public GptMlp(GptOptions options)
        : base(nameof(GptMlp))
    {
        _up = nn.Linear(options.Width, 4L * options.Width);
        _down = nn.Linear(4L * options.Width, options.Width);
        _dropout = options.Dropout;
        RegisterComponents();
    }

    public IReadOnlyList<FeedForwardPart> Inputs => [new("c_fc", _up)];

    public FeedForwardPart Output => new("c_proj", _down);

    public Tensor Combine(IReadOnlyList<Tensor> projected) => Activations.GeluTanh(projected[0]);

    /// <summary>x, the polynomial and the sigmoid of <see cref="Activations.GeluTanh"/>.</summary>
    public int KeptByCombine => 3;

    public override Tensor forward(Tensor x) // (B, T, d)
    {
        var output = _down.call(Activations.GeluTanh(_up.call(x)));
        return training && _dropout > 0 ? nn.functional.dropout(output, _dropout, training: true) : output;
    }
}
