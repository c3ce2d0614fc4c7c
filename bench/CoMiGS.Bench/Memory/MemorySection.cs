using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Bench.Steps;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Memory;

/// <summary>Peak resident memory of whole steps, each model in a process of its own.</summary>
internal sealed class MemorySection : Section
{
    /// <summary>Its name.</summary>
    public const string Memory = "memory";

    /// <summary>All cases are one, so that they can be compared.</summary>
    public const string Case = "peak";

    private const int Steps = 2;

    private static readonly int[] ExpertCounts = [1, 2, 8];

    /// <inheritdoc/>
    public override string Name => Memory;

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Environment => ResidentMemory.ReturnedAtOnce;

    /// <summary>Name of a model.</summary>
    public static string NameOf(ScalarType type, int experts) => $"{type}, {StepSubject.NameOf(experts)}";

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) =>
        !OperatingSystem.IsLinux() ? [] :
        from subject in Subjects
        select new Job(Name, subject.Name, BlasSetting.Detected.Name, Seconds: 0, smoke); // the peak is read from /proc

    private static IEnumerable<(string Name, ScalarType Type, int Experts)> Subjects =>
        from type in new[] { ScalarType.Float32, ScalarType.BFloat16 }
        from experts in ExpertCounts
        select (NameOf(type, experts), type, experts);

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var (_, type, experts) = Subjects.Single(subject => subject.Name == job.Case);
        using var model = new StepSubject(StepSize.Of(job.Smoke), type, experts);
        ResidentMemory.Collect();
        ResidentMemory.ResetPeak();
        for (var i = 0; i < Steps; i++)
        {
            model.ExpertStep();
        }

        return [job.Of(job.Case, Measurement.Bytes, [ResidentMemory.Peak], Case)];
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("base, step", "peak MB", "/ plain LoRA", "/ n=2", "/ Float32");
        foreach (var (name, type, experts) in Subjects)
        {
            string Over(string baseline) => Text.Ratio(results.Ratio(Name, Case, name, baseline, BlasSetting.Detected.Name));
            table.Add(name, Text.Megabytes(results.Find(Name, Case, name, BlasSetting.Detected.Name)?.Median), Over(NameOf(type, 1)), Over(NameOf(type, 2)), Over(NameOf(ScalarType.Float32, experts)));
        }

        return table.ToString();
    }
}
