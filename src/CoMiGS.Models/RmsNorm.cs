using CoMiGS.Parameters;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>x / sqrt(mean(x^2) + epsilon) * weight over the last dimension (arXiv 1910.07467), computed in float32 at least.</summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // (d)

    private readonly Scalar _epsilon;
    private readonly Scalar _width;

    public RmsNorm(Parameter weight, double epsilon)
        : base(nameof(RmsNorm))
    {
        _weight = weight;
        _epsilon = epsilon.ToScalar();
        _width = weight.shape[0].ToScalar();
        RegisterComponents();
        _weight.DetachFromDisposeScope();
    }

    public override Tensor forward(Tensor input) // (..., d)
    {
        using var scope = NewDisposeScope();
        var x = input.to(Precision.Of(input.dtype));
        var mean = (x * x).sum(-1L, keepdim: true) / _width; // (..., 1); libtorch's mean would keep its input for the backward pass
        var scale = mean.Plus(_epsilon).rsqrt(); // (..., 1)
        return (_weight * (x * scale).to(input.dtype)).MoveToOuterDisposeScope();
    }
}
