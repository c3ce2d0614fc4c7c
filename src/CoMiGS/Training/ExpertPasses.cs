using CoMiGS.Experts;
using CoMiGS.Layers;

namespace CoMiGS.Training;

/// <summary>Through whom the losses of a step flow: the mixture, and experts alone where they have a loss of their own.</summary>
internal sealed class ExpertPasses
{
    private static readonly IReadOnlyList<ExpertPass> Mixture = [new(null, 1, IsReported: true)], WarmUp = [new(ExpertRole.Generalist, 1, IsReported: true)];

    private readonly IReadOnlyList<ExpertPass> _passes;
    private readonly int _warmUpSteps;

    /// <exception cref="ArgumentException">The options ask for the loss of experts that the model lacks.</exception>
    public ExpertPasses(MoeModel model, BilevelOptions options)
    {
        List<string> missing = [.. Missing(model.Layout, options)];
        if (missing.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, missing), nameof(options));
        }

        (ExpertRole? Alone, double Weight)[] all = [(null, options.MixtureLoss), (ExpertRole.Generalist, options.GeneralistLoss), (ExpertRole.Specialist, options.SpecialistLoss)];
        _passes = [.. all.Where(pass => pass.Weight > 0).Select((pass, i) => new ExpertPass(pass.Alone, pass.Weight, IsReported: i == 0))];
        _warmUpSteps = options.WarmUpSteps;
    }

    /// <summary>The passes of a step; the first is what its report speaks of.</summary>
    /// <param name="kind">Whose step.</param>
    /// <param name="step">Expert steps made before.</param>
    public IReadOnlyList<ExpertPass> Of(StepKind kind, long step) =>
        kind == StepKind.Router ? Mixture : step < _warmUpSteps ? WarmUp : _passes;

    private static IEnumerable<string> Missing(ExpertLayout layout, BilevelOptions options)
    {
        if (layout.Router == RouterKind.Embedding && (options.MixtureLoss != 1 || options.GeneralistLoss + options.SpecialistLoss + options.WarmUpSteps > 0))
        {
            yield return "Losses of experts alone and a warm-up are set, but experts are assigned, so there is no generalist or specialist to learn alone. Leave MixtureLoss at 1 and the others at 0.";
        }

        if (options.GeneralistLoss > 0 && layout.Generalists == 0)
        {
            yield return $"GeneralistLoss is {options.GeneralistLoss}, but the model has no generalists. Set it to 0, or add generalists.";
        }

        if (options.SpecialistLoss > 0 && layout.Specialists == 0)
        {
            yield return $"SpecialistLoss is {options.SpecialistLoss}, but the model has no specialists. Set it to 0, or add specialists.";
        }

        if (options.WarmUpSteps > 0 && layout.Generalists == 0)
        {
            yield return $"WarmUpSteps is {options.WarmUpSteps}, but the model has no generalists to learn in them. Set it to 0, or add generalists.";
        }
    }
}
