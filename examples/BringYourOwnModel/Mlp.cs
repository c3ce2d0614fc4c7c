using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CoMiGS.BringYourOwnModel;

/// <summary>The feed-forward of a layer.</summary>
public sealed class Mlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;

    /// <summary>A feed-forward with random weights.</summary>
    public Mlp(int width)
        : base(nameof(Mlp))
    {
        fc1 = Linear(width, 4 * width);
        fc2 = Linear(4 * width, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => fc2.call(functional.gelu(fc1.call(input)));
}
