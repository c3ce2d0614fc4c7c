using System.Diagnostics;
using CoMiGS.Bench.Blocks;
using CoMiGS.Bench.Codec;
using CoMiGS.Bench.Engine;
using CoMiGS.Bench.Growth;
using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Loading;
using CoMiGS.Bench.Memory;
using CoMiGS.Bench.Quality;
using CoMiGS.Bench.Results;
using CoMiGS.Bench.Steps;
using CoMiGS.Bench.Strategies;
using CoMiGS.Bench.Targets;

namespace CoMiGS.Bench;

/// <summary>All sections, and how they are run.</summary>
internal static class Suite
{
    /// <summary>The command of a child process that measures a job.</summary>
    public const string JobCommand = "job";

    /// <summary>The command of a child process that says which kernels its BLAS uses.</summary>
    public const string KernelCommand = "kernel";

    /// <summary>The sections, in the order of the page.</summary>
    public static IReadOnlyList<Section> Sections { get; } = 
    [
        new BlockSection(), new StepSection(), new MemorySection(), new GrowthSection(), new QualitySection(), new EngineSection(), new StrategySection(), new CodecSection(), new LoadingSection(),
    ];

    /// <summary>Measures sections, one child process after the other, and puts what it finds in the place of what was known of them.</summary>
    /// <param name="sections">What to measure.</param>
    /// <param name="known">What was measured before; null for nothing.</param>
    /// <param name="smoke">Small sizes, once each.</param>
    /// <param name="log">Hears of every job.</param>
    public static BenchResults Run(IReadOnlyList<Section> sections, BenchResults? known, bool smoke, TextWriter log)
    {
        List<Measurement> measurements = [.. (known?.Measurements ?? []).Where(m => sections.All(section => section.Name != m.Section))];
        foreach (var (section, job) in sections.SelectMany(section => section.Jobs(smoke).Select(job => (section, job))))
        {
            var clock = Stopwatch.StartNew();
            measurements.AddRange(ChildProcess.Run<List<Measurement>>(JobCommand, job, [.. Environment(job.Blas), .. section.Environment]));
            log.WriteLine($"{job.Section}: {job.Case}, {job.Blas} BLAS kernels: {clock.Elapsed.TotalSeconds:0.0} s");
        }

        measurements = [.. Sections.SelectMany(section => measurements.Where(m => m.Section == section.Name))];
        var kernels = BlasSetting.Both.ToDictionary(blas => blas.Name, blas => ChildProcess.Run<string>(KernelCommand, "", blas.Environment));
        return TargetTable.Judge(new(Machine.Describe(), kernels, measurements, []));
    }

    /// <summary>Measures a job in this process.</summary>
    public static IReadOnlyList<Measurement> Measure(Job job)
    {
        TorchSharp.torch.set_num_threads(System.Environment.ProcessorCount);
        return [.. Sections.Single(section => section.Name == job.Section).Measure(job)];
    }

    private static (string Name, string Value)[] Environment(string blas) => BlasSetting.Both.Single(setting => setting.Name == blas).Environment;
}
