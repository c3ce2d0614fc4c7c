using CoMiGS.Layers;
using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <summary>The cross-entropy of next-token prediction. Targets of -100 do not count.</summary>
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

    /// <summary>
    /// Mean over all tokens, in nats, of what a model predicts. Where the model says what its head is (<see cref="ILinearHead"/>), the head and the loss are computed together,
    /// some tokens at a time, and the logits of the whole batch are never in memory; other models are called for their logits.
    /// </summary>
    /// <param name="model">(B, T) ids to (B, T, V) logits.</param>
    /// <param name="inputs">(B, T), int64.</param>
    /// <param name="targets">(B, T), int64.</param>
    /// <returns>A scalar in the current dispose scope, of which gradients reach all that logits would reach. It has no second derivative.</returns>
    /// <exception cref="ArgumentException">A target is no id of the vocabulary.</exception>
    public static Tensor Mean(nn.Module<Tensor, Tensor> model, Tensor inputs, Tensor targets) => CrossEntropy(model, inputs, targets, nn.Reduction.Mean);

    /// <summary>Sum over all tokens, in nats, of what a model predicts; computed as <see cref="Mean(nn.Module{Tensor, Tensor}, Tensor, Tensor)"/> is.</summary>
    /// <param name="model">(B, T) ids to (B, T, V) logits.</param>
    /// <param name="inputs">(B, T), int64.</param>
    /// <param name="targets">(B, T), int64.</param>
    /// <exception cref="ArgumentException">A target is no id of the vocabulary.</exception>
    public static Tensor Sum(nn.Module<Tensor, Tensor> model, Tensor inputs, Tensor targets) => CrossEntropy(model, inputs, targets, nn.Reduction.Sum);

    private static Tensor CrossEntropy(Tensor logits, Tensor targets, nn.Reduction reduction)
    {
        var type = logits.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var rows = logits.Cast(type).reshape(-1, logits.shape[^1]); // (B * T, V)
        return nn.functional.cross_entropy(rows, targets.reshape(-1), reduction: reduction);
    }

    private static Tensor CrossEntropy(nn.Module<Tensor, Tensor> model, Tensor inputs, Tensor targets, nn.Reduction reduction)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(targets);
        if (model is not ILinearHead head || (head.HeadLayer is { } layer && LinearHooks.AreBeside(layer)))
        {
            return CrossEntropy(model.call(inputs), targets, reduction);
        }

        using var scope = NewDisposeScope();
        var hidden = head.HiddenStates(inputs); // (B, T, d)
        var loss = HeadLoss.Of(hidden.reshape(-1, hidden.shape[^1]), head.HeadWeight, targets.reshape(-1), reduction == nn.Reduction.Mean);
        return loss.MoveToOuterDisposeScope();
    }
}
