using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Training;
using CoMiGS.Transport;
using static TorchSharp.torch;

namespace CoMiGS.Federation.Methods;

/// <summary>
/// FedProx on a device (arXiv 1812.06127): <c>mu/2 ||theta - theta_t||^2</c> over the shared parameters is added to the loss, where theta_t is what the round
/// started from. Keeps devices with unlike texts near each other. Goes with strategies whose devices train what they download: not with PCL, FDLoRA and FedAMoLE.
/// </summary>
public sealed class ProximalTerm : TrainingMethod, ITrainingPenalty
{
    private readonly ITrainingPenalty _other;
    private readonly List<NamedParameter> _parameters;
    private readonly double _mu;
    private TensorSet? _start;

    /// <summary>Puts the term around a training.</summary>
    /// <param name="inner">The training.</param>
    /// <param name="model">Its model.</param>
    /// <param name="trainer">Its trainer; gets the term beside the penalty that it has.</param>
    /// <param name="mu">The weight; 0.001 to 1 in the paper.</param>
    public ProximalTerm(ILocalTraining inner, MoeModel model, BilevelTrainer trainer, double mu)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mu);
        _mu = mu;
        _other = trainer.Penalty;
        var all = model.Parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);
        _parameters = [.. inner.SharedParameters.Select(spec => all[spec.Name])];
        trainer.Penalty = this;
    }

    /// <inheritdoc/>
    public override void StartsFrom(RoundPlan plan, TensorSet? parameters)
    {
        ArgumentNullException.ThrowIfNull(plan);
        base.StartsFrom(plan, parameters);
        _start = parameters is not null ? RankCut.InShapes(parameters, [.. _parameters.Select(p => new TensorSpec(p.Name, TensorType.Float32, [.. p.Value.shape]))]) : new TensorSet(_parameters.Select(p =>
            NamedTensor.FromFloats(p.Name, p.Value.shape, p.Init.Draw(p.Value.numel(), new Seed(plan.InitialSeed).For(p.Name)))));
    }

    /// <inheritdoc/>
    public Tensor Compute(MoeModel model)
    {
        var sum = _other.Compute(model);
        if (_start is null)
        {
            return sum;
        }

        foreach (var parameter in _parameters)
        {
            if (parameter.Value.requires_grad) // not while the router is trained
            {
                var start = tensor(_start[parameter.Name].AsFloats().ToArray(), parameter.Value.shape).to(parameter.Value.dtype).to(parameter.Value.device);
                sum = sum.Plus((parameter.Value - start).square().sum().Times(_mu / 2));
            }
        }

        return sum;
    }
}
