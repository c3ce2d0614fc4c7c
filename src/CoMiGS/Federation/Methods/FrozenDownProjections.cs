using CoMiGS.Aggregation.OneFactor;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Training;
using CoMiGS.Transport;

namespace CoMiGS.Federation.Methods;

/// <summary>
/// FFA-LoRA on a device (arXiv 2403.12313): A of every adapter whose B is shared is drawn from the seed of the run, the same on all devices, and stays so. Attention
/// adapters are no exception.
/// </summary>
public sealed class FrozenDownProjections : TrainingMethod
{
    private readonly List<NamedParameter> _frozen;

    /// <summary>Freezes A of shared adapters.</summary>
    /// <param name="inner">The training; shares B alone.</param>
    /// <param name="model">Its model.</param>
    /// <param name="trainer">Its trainer.</param>
    public FrozenDownProjections(ILocalTraining inner, MoeModel model, BilevelTrainer trainer)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(trainer);
        var names = inner.Adapters.Select(pair => pair.A).ToHashSet(StringComparer.Ordinal);
        _frozen = [.. model.Parameters.Where(parameter => names.Contains(parameter.Name))];
        trainer.Freeze(names);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Abilities => [.. base.Abilities, FfaLora.Ability];

    /// <inheritdoc/>
    public override void StartsFrom(RoundPlan plan, TensorSet? parameters)
    {
        ArgumentNullException.ThrowIfNull(plan);
        base.StartsFrom(plan, parameters);
        _frozen.ForEach(parameter => parameter.Initialise(plan.InitialSeed)); // again and again the same, also on a device that joins late
    }
}
