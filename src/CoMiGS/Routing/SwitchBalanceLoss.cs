using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>
/// The load-balancing loss of Switch Transformers (arXiv 2101.03961, equation 4), which FedAMoLE uses:
/// <code>
///   LB = n sum_j P_j f_j
///   P_j = mean over tokens of the softmax of all n logits     (gradient)
///   f_j = share of tokens that select j, divided by k         (no gradient)
/// </code>
/// It is 1 where all experts get the same, and constant where tokens take all experts.
/// </summary>
public sealed class SwitchBalanceLoss : IBalanceLoss
{
    /// <inheritdoc/>
    public bool IsConstant(int experts, int topK) => topK >= experts;

    /// <inheritdoc/>
    public Tensor Compute(RoutingDecision decision)
    {
        var logits = decision.Logits ?? throw new ArgumentException("A router without logits has no load to balance. Set the balance loss to 0.", nameof(decision));
        using var scope = NewDisposeScope();
        var probability = logits.softmax(-1).mean([0L]); // (n)
        var load = decision.Selected is null
            ? TensorArithmetic.Filled(probability.shape, 1.0 / decision.Experts, probability.dtype, probability.device)
            : decision.Selected.to(logits.dtype).mean([0L]).Over(decision.TopK); // (n)
        return (probability * load.detach()).sum().Times(decision.Experts).MoveToOuterDisposeScope();
    }

    /// <summary>Its name.</summary>
    public override string ToString() => nameof(SwitchBalanceLoss);
}
