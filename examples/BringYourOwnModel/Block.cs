using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CoMiGS.BringYourOwnModel;

/// <summary>One layer of a transformer.</summary>
public sealed class Block : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly Attention attention;
    private readonly LayerNorm norm2;
    private readonly Mlp mlp;

    /// <summary>A layer with random weights.</summary>
    public Block(int width, int heads)
        : base(nameof(Block))
    {
        norm1 = LayerNorm(width);
        attention = new Attention(width, heads);
        norm2 = LayerNorm(width);
        mlp = new Mlp(width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var x = input + attention.call(norm1.call(input));
        return x + mlp.call(norm2.call(x));
    }
}
