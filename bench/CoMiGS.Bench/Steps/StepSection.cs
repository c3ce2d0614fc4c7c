using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Training;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Steps;

/// <summary>Whole training steps, router steps and evaluation of a GPT-2-small.</summary>
internal sealed class StepSection : Section
{
    /// <summary>Its name.</summary>
    public const string Step = "step";

    /// <summary>A step that trains the routers of two experts.</summary>
    public const string Router = "n=2, router step";

    /// <summary>Evaluation with two experts.</summary>
    public const string Evaluation = "n=2, evaluation";

    /// <summary>Evaluation of the bare model.</summary>
    public const string FrozenEvaluation = "frozen, evaluation";

    private static readonly int[] ExpertCounts = [1, 2, 8];

    /// <inheritdoc/>
    public override string Name => Step;

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) =>
        from blas in BlasSetting.Both
        from type in new[] { ScalarType.Float32, ScalarType.BFloat16 }
        select new Job(Name, type.ToString(), blas.Name, Seconds: 45, smoke);

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var (size, type) = (StepSize.Of(job.Smoke), Enum.Parse<ScalarType>(job.Case));
        var frozen = new FrozenSubject(size, type);
        List<StepSubject> models = [.. ExpertCounts.Select(n => new StepSubject(size, type, n))];
        var two = models[Array.IndexOf(ExpertCounts, 2)];
        return job.Time(
        [
            new(StepSubject.Frozen, frozen.Step),
            .. ExpertCounts.Zip(models, (n, model) => new Subject(StepSubject.NameOf(n), model.ExpertStep)),
            new(Router, two.RouterStep),
            new(FrozenEvaluation, () => Evaluate(frozen.Model, frozen.Text, size)),
            new(Evaluation, () => Evaluate(two.Model, two.Text, size)),
        ]);
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("BLAS", "base", "step", "ms", "min", "spread", "/ frozen", "/ plain LoRA", "/ n=2");
        foreach (var measured in results.Of(Name))
        {
            var evaluation = measured.Subject is Evaluation or FrozenEvaluation;
            string Over(string baseline) => Text.Ratio(results.Ratio(Name, measured.Case, measured.Subject, baseline, measured.Blas));
            table.Add([
                measured.Blas, measured.Case, measured.Subject, .. Text.Times(measured.Sample()),
                Over(evaluation ? FrozenEvaluation : StepSubject.Frozen), evaluation ? Text.None : Over(StepSubject.PlainLora), evaluation ? Text.None : Over(StepSubject.NameOf(2)),
            ]);
        }

        return table.ToString();
    }

    private static void Evaluate(nn.Module<Tensor, Tensor> model, Data.ITokenSource text, StepSize size) =>
        Training.Evaluation.Run(model, new FirstTokens(text, (size.Batch * size.Window) + 1), size.Window, size.Batch);
}
