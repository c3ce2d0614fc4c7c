using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>softmax(s Q K^T) V over the tokens that may be seen. Runs in the caller's dispose scope.</summary>
internal static class CausalAttention
{
    private static readonly Scalar MinusInfinity = double.NegativeInfinity.ToScalar();

    /// <param name="q">(B, H, T, e).</param>
    /// <param name="k">(B, G, S, e); H is a multiple of G, and heads h G / H share (grouped-query attention).</param>
    /// <param name="v">(B, G, S, e).</param>
    /// <param name="scale">s.</param>
    /// <param name="unseen">True where a token must not look; broadcast to (B, H, T, S).</param>
    /// <param name="dropout">Probability with which a weight is dropped; 0 unless training.</param>
    /// <returns>(B, T, H e).</returns>
    public static Tensor Mix(Tensor q, Tensor k, Tensor v, Scalar scale, Tensor unseen, double dropout)
    {
        var (batch, heads, window, width) = (q.size(0), q.size(1), q.size(2), q.size(3));
        var groups = k.size(1);
        var scores = Grouped(q * scale, groups).matmul(k.transpose(-2, -1)); // (B, G, H / G T, S)
        var weights = MixedSoftmax.Of(scores.view(batch, heads, window, -1).masked_fill(unseen, MinusInfinity)); // (B, H, T, S)
        if (dropout > 0)
        {
            weights = nn.functional.dropout(weights, dropout, training: true);
        }

        var mixed = Grouped(weights, groups).matmul(v).view(batch, heads, window, width); // (B, H, T, e)
        return mixed.transpose(1, 2).reshape(batch, window, heads * width);
    }

    /// <summary>(B, H, T, x) to (B, G, H / G T, x): the heads of a group stand below each other, so that their keys are not copied for each of them.</summary>
    private static Tensor Grouped(Tensor t, long groups) =>
        t.size(1) == groups ? t : t.reshape(t.shape[0], groups, t.shape[1] / groups * t.shape[2], t.shape[3]);
}
