using CoMiGS.Layers;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <summary>What is added to the cross-entropy of every step, for example the load-balancing loss or a term that keeps a device near the others.</summary>
public interface ITrainingPenalty
{
    /// <summary>The penalty after a forward pass, already weighted.</summary>
    /// <param name="model">The model that has just run.</param>
    /// <returns>A scalar in the current dispose scope; gradients flow through it.</returns>
    Tensor Compute(MoeModel model);
}
