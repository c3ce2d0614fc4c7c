using CoMiGS.Aggregation.FsLora;
using CoMiGS.Training;
using CoMiGS.Transport;

namespace CoMiGS.Federation.Methods;

/// <summary>Begins every round with fresh optimizer moments of the shared parameters: where a strategy hands out other rows in every round, the old moments are of others.</summary>
/// <param name="inner">The training.</param>
/// <param name="trainer">Its trainer.</param>
public sealed class FreshMoments(ILocalTraining inner, BilevelTrainer trainer) : TrainingMethod(inner)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Abilities => [.. base.Abilities, FsLoraStrategy.Ability];

    /// <inheritdoc/>
    public override bool GoesOn(RoundPlan plan)
    {
        var goesOn = base.GoesOn(plan);
        if (!goesOn)
        {
            trainer.ForgetMoments(SharedParameters.Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal));
        }

        return goesOn;
    }
}
