using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CoMiGS.BringYourOwnModel;

/// <summary>A character model in ordinary TorchSharp style. Nothing in this file knows of experts.</summary>
public sealed class TinyWriter : Module<Tensor, Tensor>
{
    /// <summary>How many different characters there are.</summary>
    public const int Characters = 128;

    /// <summary>The longest text that is read at once.</summary>
    public const int Longest = 64;

    private readonly Embedding characters;
    private readonly Embedding places;
    private readonly ModuleList<Block> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    /// <summary>A model with random weights.</summary>
    public TinyWriter(int layers = 2, int width = 48, int heads = 4)
        : base(nameof(TinyWriter))
    {
        characters = Embedding(Characters, width);
        places = Embedding(Longest, width);
        blocks = new ModuleList<Block>([.. Enumerable.Range(0, layers).Select(_ => new Block(width, heads))]);
        norm = LayerNorm(width);
        head = Linear(width, Characters);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var x = characters.call(input) + places.call(arange(input.shape[1])); // (B, T, d)
        foreach (var block in blocks)
        {
            x = block.call(x);
        }

        return head.call(norm.call(x)); // (B, T, characters)
    }
}
