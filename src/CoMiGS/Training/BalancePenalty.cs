using CoMiGS.Layers;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <summary>The load-balancing loss the model was given with its experts.</summary>
internal sealed class BalancePenalty : ITrainingPenalty
{
    public Tensor Compute(MoeModel model) => model.BalanceLoss();
}
