using System.Diagnostics;
using CoMiGS.Bench.Blocks;
using CoMiGS.Bench.Codec;
using CoMiGS.Bench.Coordination;
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
        new BlockSection(), new StepSection(), new MemorySection(), new GrowthSection(), new QualitySection(), new EngineSection(), new StrategySection(), new SumSection(), new HttpSection(), new RoundSection(), new CoordinatorMemorySection(), new CodecSection(), new LoadingSection(),
    ];

    /// <summary>Measures sections, one child process after the other, and puts what it finds in the place of what was known of them.</summary>
    /// <param name="sections">What to measure.</param>
    /// <param name="known">What was measured before; null for nothing.</param>
    /// <param name="smoke">Small sizes, once each.</param>
    /// <param name="log">Hears of every job.</param>
    /// <returns>All that is known, after every section: whoever stops the run keeps what it has measured.</returns>
    public static IEnumerable<BenchResults> Run(IReadOnlyList<Section> sections, BenchResults? known, bool smoke, TextWriter log)
    {
        var machine = Machine.Describe();
        var kernels = BlasSetting.Both.ToDictionary(blas => blas.Name, blas => ChildProcess.Run<string>(KernelCommand, "", blas.Environment));
        List<Measurement> measurements = [.. known?.Measurements ?? []];
        foreach (var section in sections)
        {
            measurements.RemoveAll(m => m.Section == section.Name);
            foreach (var job in section.Jobs(smoke))
            {
                var clock = Stopwatch.StartNew();
                measurements.AddRange(ChildProcess.Run<List<Measurement>>(JobCommand, job, [.. Environment(job.Blas), .. section.Environment]));
                log.WriteLine($"{job.Section}: {job.Case}, {job.Blas} BLAS kernels: {clock.Elapsed.TotalSeconds:0.0} s");
            }

            yield return Results();
        }

        yield return Results();

        BenchResults Results() => TargetTable.Judge(new(machine, kernels, [.. Sections.SelectMany(section => measurements.Where(m => m.Section == section.Name))], []));
    }

    /// <summary>Measures a job in this process.</summary>
    public static IReadOnlyList<Measurement> Measure(Job job)
    {
        TorchSharp.torch.set_num_threads(System.Environment.ProcessorCount);
        return [.. Sections.Single(section => section.Name == job.Section).Measure(job)];
    }

    private static (string Name, string Value)[] Environment(string blas) => BlasSetting.Both.Single(setting => setting.Name == blas).Environment;
}
