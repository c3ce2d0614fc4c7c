using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Parameters;

/// <summary>
/// A linear map whose input has a shorter type than its weight, as that of an adapter beside a bfloat16 base: computed in the weight's type, but what stays for the backward pass is the input
/// as it came, not its copy. It has no second derivative. Arguments: the input (..., in) and the weight (out, in). Result: (..., out), of the weight's type.
/// </summary>
internal sealed class MixedLinear : autograd.SingleTensorFunction<MixedLinear>
{
    public override string Name => nameof(MixedLinear);

    /// <summary>W x + b.</summary>
    /// <param name="input">(..., in), of any floating-point type.</param>
    /// <param name="weight">(out, in).</param>
    /// <param name="bias">(out), or null.</param>
    public static Tensor Of(Tensor input, Tensor weight, Tensor? bias = null)
    {
        if (input.dtype == weight.dtype || !is_grad_enabled())
        {
            return nn.functional.linear(input.Cast(weight.dtype), weight, bias);
        }

        var product = apply(input, weight);
        return bias is null ? product : product.Plus(bias);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, weight) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([input, weight]);
        return nn.functional.linear(input.to(weight.dtype), weight);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        if (is_grad_enabled())
        {
            throw new InvalidOperationException("A linear map of an input of a shorter type has no second derivative (create_graph: true). Give it an input of the weight's type.");
        }

        var saved = ctx.get_saved_variables();
        var (input, weight) = (saved[0], saved[1]);
        var byWeight = weight.requires_grad ? Rows(grad_output).t().matmul(Rows(input).to(weight.dtype)) : null; // (out, in)
        return [input.requires_grad ? grad_output.matmul(weight).to(input.dtype) : null!, byWeight!];
    }

    private static Tensor Rows(Tensor t) => t.reshape(-1, t.shape[^1]);
}
