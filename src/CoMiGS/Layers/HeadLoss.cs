using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// The cross-entropy of a linear head as one function with a backward pass of its own. It takes some tokens at a time: their logits become their own gradient, and that the gradient
/// of the hidden states, so the backward pass has only a factor left to apply. It has no second derivative. Arguments: the hidden states (N, d), the head (V, d), the targets (N), the
/// factor. Result: a scalar, float32 or float64.
/// </summary>
internal sealed class HeadLoss : autograd.SingleTensorFunction<HeadLoss>
{
    private const string ByHidden = "by hidden states";
    private const string ByHead = "by head";

    public override string Name => nameof(HeadLoss);

    /// <summary>The sum or the mean of the tokens' losses.</summary>
    /// <param name="hidden">(N, d).</param>
    /// <param name="head">(V, d), of the same type.</param>
    /// <param name="targets">(N), int64; those of -100 do not count.</param>
    /// <param name="mean">Whether to divide by the number of those that count.</param>
    /// <exception cref="ArgumentException">A target is no id of the vocabulary.</exception>
    public static Tensor Of(Tensor hidden, Tensor head, Tensor targets, bool mean)
    {
        var rows = hidden.contiguous();
        var wanted = targets.Cast(ScalarType.Int64).contiguous();
        var factor = mean ? 1.0 / TargetIds.Counted(wanted, head.shape[0]) : 1;
        return is_grad_enabled() && (hidden.requires_grad || head.requires_grad)
            ? apply(rows, head, wanted, factor)
            : new HeadLossPass(rows, head, wanted, factor).Run(byHidden: false, byHead: false).Loss;
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (hidden, head) = ((Tensor)vars[0], (Tensor)vars[1]);
        var pass = new HeadLossPass(hidden, head, (Tensor)vars[2], (double)vars[3]).Run(hidden.requires_grad, head.requires_grad);
        List<Tensor> gradients = [];
        foreach (var (key, gradient) in new[] { (ByHidden, pass.ByHidden), (ByHead, pass.ByHead) })
        {
            if (gradient is not null)
            {
                ctx.save_data(key, gradients.Count);
                gradients.Add(gradient);
            }
        }

        ctx.save_for_backward(gradients);
        return pass.Loss;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        if (is_grad_enabled())
        {
            throw new InvalidOperationException("The loss over a linear head has no second derivative (create_graph: true). Compute it from the logits.");
        }

        var gradients = ctx.get_saved_variables();
        return [Gradient(ByHidden)!, Gradient(ByHead)!, null!, null!];

        Tensor? Gradient(string key) => ctx.get_data(key) is int position ? gradients[position] * grad_output : null;
    }
}
