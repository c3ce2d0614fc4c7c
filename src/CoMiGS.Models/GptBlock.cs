using CoMiGS.Parameters;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>One pre-norm transformer block: x + attention(norm(x)), then x + mlp(norm(x)).</summary>
internal sealed class GptBlock : nn.Module<Tensor, AttentionPass, Tensor>
{
    [ComponentName(Name = "ln_1")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "attn")]
    private readonly GptAttention _attention;

    [ComponentName(Name = "ln_2")]
    private readonly LayerNorm _mlpNorm;

    // Typed by what it does, so that a mixture of experts can take its place.
    [ComponentName(Name = "mlp")]
    private readonly nn.Module<Tensor, Tensor> _mlp;

    public GptBlock(GptOptions options, BlankLayers layers, int layer)
        : base(nameof(GptBlock))
    {
        _attentionNorm = layers.LayerNorm(options.Width, options.LayerNormEpsilon);
        _attention = new GptAttention(options, layers, layer);
        _mlpNorm = layers.LayerNorm(options.Width, options.LayerNormEpsilon);
        _mlp = new GptMlp(options, layers);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, AttentionPass pass) // (B, T, d)
    {
        using var scope = NewDisposeScope();
        x = x.Plus(_attention.call(_attentionNorm.call(x), pass));
        return x.Plus(_mlp.call(_mlpNorm.call(x))).MoveToOuterDisposeScope();
    }
}
