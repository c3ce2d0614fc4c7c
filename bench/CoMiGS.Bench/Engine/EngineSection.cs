using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;

namespace CoMiGS.Bench.Engine;

/// <summary>What it costs to call libtorch from .NET: a step of a perceptron here and in C++.</summary>
internal sealed class EngineSection : Section
{
    /// <summary>Its name.</summary>
    public const string Engine = "engine";

    /// <summary>The step from .NET.</summary>
    public const string DotNet = ".NET";

    /// <summary>The step in C++.</summary>
    public const string Cpp = "C++";

    /// <inheritdoc/>
    public override string Name => Engine;

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) =>
        from blas in BlasSetting.Both
        from size in new[] { MlpSize.Large, MlpSize.Small }
        select new Job(Name, size.ToString(), blas.Name, Seconds: 12, smoke);

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var size = new[] { MlpSize.Large, MlpSize.Small }.Single(candidate => candidate.ToString() == job.Case);
        var steps = job.Smoke ? 1 : size.Steps;
        var own = new MlpStep(size);
        List<Subject> subjects = [new(DotNet, () => own.Run(steps))];
        var library = CppMlp.Compile(out var why);
        if (library == 0)
        {
            Console.Error.WriteLine($"The step in C++ is left out: {why}.");
        }
        else
        {
            var other = CppMlp.Of(library, size);
            subjects.Add(new(Cpp, () => other.Run(steps)));
        }

        return job.Time(subjects).Select(m => m with { Values = [.. m.Values.Select(seconds => seconds / steps)] });
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("BLAS", "rows", "layers", "engine", "ms", "min", "spread", "/ C++");
        foreach (var m in results.Of(Name))
        {
            table.Add([m.Blas, .. m.Case.Split(Measurement.Separator), m.Subject, .. Text.Times(m.Sample()), Text.Ratio(results.Ratio(Name, m.Case, m.Subject, Cpp, m.Blas), 3)]);
        }

        return results.Of(Name).Any(m => m.Subject == Cpp) ? table.ToString() : $"{table}\n\nThere was no C++ compiler, or no headers of libtorch, so C++ was not measured.";
    }
}
