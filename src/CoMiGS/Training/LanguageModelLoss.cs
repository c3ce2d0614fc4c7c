using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <summary>The cross-entropy of next-token prediction.</summary>
public static class LanguageModelLoss
{
    /// <summary>Mean over all tokens, in nats.</summary>
    /// <param name="logits">(B, T, V); float32 or float64, other types are computed in float32.</param>
    /// <param name="targets">(B, T), int64.</param>
    /// <returns>A scalar in the current dispose scope.</returns>
    public static Tensor Mean(Tensor logits, Tensor targets) => CrossEntropy(logits, targets, nn.Reduction.Mean);

    /// <summary>Sum over all tokens, in nats.</summary>
    /// <param name="logits">(B, T, V).</param>
    /// <param name="targets">(B, T), int64.</param>
    public static Tensor Sum(Tensor logits, Tensor targets) => CrossEntropy(logits, targets, nn.Reduction.Sum);

    private static Tensor CrossEntropy(Tensor logits, Tensor targets, nn.Reduction reduction)
    {
        var type = logits.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var rows = logits.Cast(type).reshape(-1, logits.shape[^1]); // (B * T, V)
        return nn.functional.cross_entropy(rows, targets.reshape(-1), reduction: reduction);
    }
}
