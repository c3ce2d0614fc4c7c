using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>
/// Keeps the k best of n logits. k >= 2: softmax over the kept ones; k = 1 of n > 1: the top probability of all, as it is, so that the gate has a gradient
/// (<c>gating.py</c> of the released code).
/// </summary>
internal static class TopKGates
{
    /// <param name="logits">(N, n).</param>
    /// <param name="topK">k, 1 to n.</param>
    /// <param name="minusInfinity">A scalar of that value, which the caller keeps.</param>
    public static RoutingDecision Of(Tensor logits, int topK, Scalar minusInfinity)
    {
        if (topK == logits.shape[1])
        {
            return new(logits.softmax(-1), logits, Selected: null, topK, SumsToOne: true);
        }

        var (_, kept) = logits.topk(topK, dim: -1); // (N, k)
        var selected = zeros_like(logits, ScalarType.Bool).scatter_(1, kept, ones_like(kept, ScalarType.Bool)); // (N, n)
        var left = selected.logical_not();
        return topK == 1
            ? new(logits.softmax(-1).Without(left), logits, selected, topK, SumsToOne: false)
            : new(logits.masked_fill(left, minusInfinity).softmax(-1), logits, selected, topK, SumsToOne: true);
    }
}
