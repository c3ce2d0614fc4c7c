using System.Globalization;
using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Bench.Steps;
using CoMiGS.Models.Generation;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Growth;

/// <summary>How time grows: with the tokens of a step, and with the length of a generated text. Two experts, float32.</summary>
internal sealed class GrowthSection : Section
{
    /// <summary>Its name.</summary>
    public const string Growth = "growth";

    /// <summary>Steps over more and more tokens, in windows of 128.</summary>
    public const string Step = "step";

    /// <summary>Texts of more and more tokens, with the cache.</summary>
    public const string Generation = "generation";

    private const int Fewest = 2, WarmUpTokens = 8;

    private static readonly int[] StepTokens = [512, 2048, 8192], SmallStepTokens = [32, 64], TextTokens = [128, 512], SmallTextTokens = [8, 16];

    /// <inheritdoc/>
    public override string Name => Growth;

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) => new[] { Step, Generation }.Select(of => new Job(Name, of, BlasSetting.Detected.Name, Seconds: 0, smoke));

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var size = StepSize.Of(job.Smoke);
        var model = new StepSubject(size, ScalarType.Float32, experts: 2);
        return job.Time(job.Case == Step ? Steps(model, size) : Texts(model, size), fewest: Fewest);
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("", "tokens", "ms", "min", "spread", "tokens/s", "tokens/s, by the fastest");
        foreach (var m in results.Of(Name))
        {
            var speed = Speed(m);
            table.Add([m.Case, m.Subject, .. Text.Times(m.Sample()), Text.Digits(speed), Text.Ratio(speed / results.Of(Name).Where(other => other.Case == m.Case).Max(Speed))]);
        }

        return table.ToString();
    }

    /// <summary>Tokens a second of the slowest by those of the fastest; null where it was not measured.</summary>
    public static double? SlowestOverFastest(BenchResults results, string of)
    {
        List<double> speeds = [.. results.Of(Growth).Where(m => m.Case == of).Select(Speed)];
        return speeds.Count == 0 ? null : speeds.Min() / speeds.Max();
    }

    private static double Speed(Measurement m) => int.Parse(m.Subject, CultureInfo.InvariantCulture) / m.Sample().Median;

    private static IReadOnlyList<Subject> Steps(StepSubject model, StepSize size)
    {
        model.ExpertStep(); // warms up
        return
        [
            .. from tokens in size.Small ? SmallStepTokens : StepTokens
               let trainer = model.Trainer(tokens / size.Window, size.Window)
               select new Subject($"{tokens}", () => trainer.ExpertStep()),
        ];
    }

    private static IReadOnlyList<Subject> Texts(StepSubject model, StepSize size)
    {
        var generator = new TokenGenerator(model.Experts);
        Generate(WarmUpTokens);
        return [.. (size.Small ? SmallTextTokens : TextTokens).Select(tokens => new Subject($"{tokens}", () => Generate(tokens)))];

        void Generate(int tokens) => generator.Generate([1], new() { MaximumTokens = tokens });
    }
}
