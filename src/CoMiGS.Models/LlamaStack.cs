using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Everything of a Llama but its output head: embeddings, blocks, final norm.</summary>
internal sealed class LlamaStack : nn.Module<Tensor, AttentionPass, Tensor>
{
    [ComponentName(Name = "embed_tokens")]
    private readonly Embedding _tokens; // (V, d)

    [ComponentName(Name = "layers")]
    private readonly ModuleList<LlamaBlock> _blocks;

    [ComponentName(Name = "norm")]
    private readonly RmsNorm _norm;

    private readonly RotaryPositions _rotation;

    public LlamaStack(LlamaOptions options, BlankLayers layers)
        : base(nameof(LlamaStack))
    {
        _tokens = layers.Embedding(options.VocabularySize, options.Width);
        _blocks = new ModuleList<LlamaBlock>([.. Enumerable.Range(0, options.Layers).Select(layer => new LlamaBlock(options, layers, layer))]);
        _norm = layers.RmsNorm(options.Width, options.NormEpsilon);
        _rotation = new RotaryPositions(options);
        RegisterComponents();
    }

    public Parameter TokenEmbeddings => _tokens.weight!;

    public override Tensor forward(Tensor input, AttentionPass pass) // (B, T)
    {
        using var scope = NewDisposeScope();
        var x = _tokens.call(input); // (B, T, d)
        var rotation = _rotation.At(pass, x.dtype);
        foreach (var block in _blocks)
        {
            x = block.call(x, rotation);
        }

        return _norm.call(x).MoveToOuterDisposeScope(); // (B, T, d)
    }
}
