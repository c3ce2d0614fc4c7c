using CoMiGS.Kernels;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// A feed-forward y = O c(P_1 x, ..., P_m x), opened up so that all experts of a block can share its frozen products.
/// A module of a backbone implements it beside its ordinary <c>forward</c>.
/// </summary>
public interface IFeedForward
{
    /// <summary>The input projections P_1 .. P_m: one for GPT-2, gate and up for Llama.</summary>
    IReadOnlyList<FeedForwardPart> Inputs { get; }

    /// <summary>The output projection O.</summary>
    FeedForwardPart Output { get; }

    /// <summary>The combine function c: the activation, or SiLU(gate) * up.</summary>
    /// <param name="projected">m tensors of shape (..., f); they must not be changed in place.</param>
    /// <returns>(..., f).</returns>
    Tensor Combine(IReadOnlyList<Tensor> projected);

    /// <summary>What is done to the output at the end, for example dropout.</summary>
    /// <param name="output">(..., d).</param>
    /// <returns>(..., d). Default: the output itself.</returns>
    Tensor Finish(Tensor output) => output;

    /// <summary>Numbers that <see cref="Combine"/> keeps for the backward pass, per token and hidden unit, its inputs included. <c>ExpertBudget</c> counts with it.</summary>
    /// <value>Default: the inputs and one more, as for SiLU(gate) * up, which keeps gate, up and SiLU(gate).</value>
    int KeptByCombine => Inputs.Count + 1;

    /// <summary>The fused kernel that computes <see cref="Combine"/>, if there is one.</summary>
    /// <value>Default: none; the mixture is then composed of torch's operators.</value>
    CombineKind? Kernel => null;
}
