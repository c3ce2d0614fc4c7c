using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CoMiGS.BringYourOwnModel;

/// <summary>Attention to the characters before.</summary>
public sealed class Attention : Module<Tensor, Tensor>
{
    private readonly Linear query;
    private readonly Linear key;
    private readonly Linear value;
    private readonly Linear output;
    private readonly int heads;

    /// <summary>An attention with random weights.</summary>
    public Attention(int width, int heads)
        : base(nameof(Attention))
    {
        query = Linear(width, width);
        key = Linear(width, width);
        value = Linear(width, width);
        output = Linear(width, width);
        this.heads = heads;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var (batch, length, width) = (input.shape[0], input.shape[1], input.shape[2]);
        var later = ones([length, length], ScalarType.Bool).triu(1); // (T, T)
        var scores = Heads(query).matmul(Heads(key).transpose(-2, -1)) / Math.Sqrt(width / heads); // (B, H, T, T)
        var mixed = scores.masked_fill(later, double.NegativeInfinity).softmax(-1).matmul(Heads(value)); // (B, H, T, e)
        return output.call(mixed.transpose(1, 2).reshape(batch, length, width));

        Tensor Heads(Linear layer) => layer.call(input).reshape(batch, length, heads, -1).transpose(1, 2); // (B, H, T, e)
    }
}
