using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>Keeps a router from giving all tokens to one expert.</summary>
public interface IBalanceLoss
{
    /// <summary>The unweighted loss of one layer.</summary>
    /// <param name="decision">What the layer's router decided; it has logits.</param>
    /// <returns>A scalar in the current dispose scope.</returns>
    Tensor Compute(RoutingDecision decision);

    /// <summary>Whether the loss has the same value for every router, and hence no gradient, with n experts of which k are kept.</summary>
    /// <param name="experts">n.</param>
    /// <param name="topK">k.</param>
    bool IsConstant(int experts, int topK);
}
