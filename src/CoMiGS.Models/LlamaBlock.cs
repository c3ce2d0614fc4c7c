using CoMiGS.Parameters;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>One pre-norm transformer block: x + attention(norm(x)), then x + mlp(norm(x)).</summary>
internal sealed class LlamaBlock : nn.Module<Tensor, RotaryPass, Tensor>
{
    [ComponentName(Name = "self_attn")]
    private readonly LlamaAttention _attention;

    // Typed by what it does, so that a mixture of experts can take its place.
    [ComponentName(Name = "mlp")]
    private readonly nn.Module<Tensor, Tensor> _mlp;

    [ComponentName(Name = "input_layernorm")]
    private readonly RmsNorm _attentionNorm;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly RmsNorm _mlpNorm;

    public LlamaBlock(LlamaOptions options, BlankLayers layers, int layer)
        : base(nameof(LlamaBlock))
    {
        _attention = new LlamaAttention(options, layers, layer);
        _mlp = new LlamaMlp(options, layers);
        _attentionNorm = layers.RmsNorm(options.Width, options.NormEpsilon);
        _mlpNorm = layers.RmsNorm(options.Width, options.NormEpsilon);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, RotaryPass rotation) // (B, T, d)
    {
        using var scope = NewDisposeScope();
        x = x.Plus(_attention.call(_attentionNorm.call(x), rotation));
        return x.Plus(_mlp.call(_mlpNorm.call(x))).MoveToOuterDisposeScope();
    }
}
