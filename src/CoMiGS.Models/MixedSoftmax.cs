using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>
/// A softmax over the last dimension that computes in float32 what comes and goes in a shorter type, and keeps only its result, in that type, for the backward pass. It has no second
/// derivative. Argument and result: (..., S).
/// </summary>
internal sealed class MixedSoftmax : autograd.SingleTensorFunction<MixedSoftmax>
{
    public override string Name => nameof(MixedSoftmax);

    /// <summary>exp(x) / sum exp(x), of the type of x.</summary>
    public static Tensor Of(Tensor x) =>
        Precision.Of(x.dtype) is var precision && precision == x.dtype ? x.softmax(-1)
        : is_grad_enabled() && x.requires_grad ? apply(x)
        : x.softmax(-1, precision).to(x.dtype);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var x = (Tensor)vars[0];
        var y = x.softmax(-1, Precision.Of(x.dtype)).to(x.dtype);
        ctx.save_for_backward([y]);
        return y;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        if (is_grad_enabled())
        {
            throw new InvalidOperationException("Attention over a base of a shorter type than float32 has no second derivative (create_graph: true). Load the base in float32.");
        }

        var type = grad_output.dtype;
        var precision = Precision.Of(type);
        var y = ctx.get_saved_variables()[0].to(precision);
        var product = grad_output.to(precision).mul_(y); // g y
        var shares = y.mul_(product.sum(-1L, keepdim: true)); // y sum g y
        return [product.sub_(shares).to(type)];
    }
}
