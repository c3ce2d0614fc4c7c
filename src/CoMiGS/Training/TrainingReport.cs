namespace CoMiGS.Training;

/// <summary>What a stretch of training did.</summary>
/// <param name="Steps">Expert steps made.</param>
/// <param name="RouterSteps">Router steps made.</param>
/// <param name="Loss">Mean cross-entropy of the expert steps, in nats per token; NaN if there was none.</param>
/// <param name="RouterLoss">Mean cross-entropy of the router steps on validation data; NaN if there was none.</param>
/// <param name="Tokens">Tokens predicted in all steps.</param>
public sealed record TrainingReport(int Steps, int RouterSteps, double Loss, double RouterLoss, long Tokens)
{
    internal static TrainingReport Of(IReadOnlyList<StepReport> steps)
    {
        var expert = steps.Where(s => s.Kind == StepKind.Expert).Select(s => s.Loss).DefaultIfEmpty(double.NaN);
        var router = steps.Where(s => s.Kind == StepKind.Router).Select(s => s.Loss).DefaultIfEmpty(double.NaN);
        return new(steps.Count(s => s.Kind == StepKind.Expert), steps.Count(s => s.Kind == StepKind.Router), expert.Average(), router.Average(), steps.Sum(s => s.Tokens));
    }
}
