using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Loading;

/// <summary>Each way to load a checkpoint, in processes of their own.</summary>
internal sealed class LoadingSection : Section
{
    private const int Repetitions = 3;
    private const string File = "file", Before = "before", Peak = "peak", After = "after", Load = "load", Read = "read";

    private static readonly (string Name, LoadedAs Into, ScalarType? Type)[] Ways =
    [
        ("`Pretrained.Load`, type as stored", LoadedAs.Model, null),
        ("`Pretrained.Load`, float32", LoadedAs.Model, ScalarType.Float32),
        ("`Pretrained.Load`, bfloat16", LoadedAs.Model, ScalarType.BFloat16),
        ("`SafetensorsFile.Read`", LoadedAs.Tensors, null),
    ];

    /// <inheritdoc/>
    public override string Name => "loading";

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) =>
        !OperatingSystem.IsLinux() ? [] : Shapes(smoke).Select(shape => new Job(Name, shape.Name, BlasSetting.Detected.Name, Seconds: 0, smoke)); // the peak of resident memory is read from /proc

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var shape = Shapes(job.Smoke).Single(candidate => candidate.Name == job.Case);
        using var checkpoint = new SyntheticCheckpoint(Directory.CreateDirectory("artifacts").FullName, shape);
        foreach (var (name, into, type) in Ways.Where(way => way.Type != shape.Type))
        {
            List<LoadingFigures> runs = [.. Enumerable.Range(0, job.Smoke ? 1 : Repetitions).Select(_ => LoadingMeasurement.InChild(checkpoint, into, type))];
            var of = string.Join(Measurement.Separator, $"{shape.Name}, {shape.Type}", name);
            yield return job.Of(File, Measurement.Bytes, [.. runs.Select(run => (double)run.FileBytes)], of);
            yield return job.Of(Before, Measurement.Bytes, [.. runs.Select(run => (double)run.Before)], of);
            yield return job.Of(Peak, Measurement.Bytes, [.. runs.Select(run => (double)run.Peak)], of);
            yield return job.Of(After, Measurement.Bytes, [.. runs.Select(run => (double)run.After)], of);
            yield return job.Of(Load, Measurement.Seconds, [.. runs.Select(run => run.LoadSeconds)], of);
            yield return job.Of(Read, Measurement.Seconds, [.. runs.Select(run => run.ReadSeconds)], of);
        }
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable(
            "checkpoint", "loaded by", "file MB", "before MB", "peak MB", "after MB", "(peak - before) / file", "peak / file", "load ms", "min", "spread", "read ms", "load / read");
        foreach (var (of, blas) in results.Of(Name).Select(m => (m.Case, m.Blas)).Distinct())
        {
            double Middle(string subject) => results.Find(Name, of, subject, blas)!.Median;
            table.Add([
                .. of.Split(Measurement.Separator), .. new[] { File, Before, Peak, After }.Select(subject => Text.Megabytes(Middle(subject))),
                Text.Ratio((Middle(Peak) - Middle(Before)) / Middle(File)), Text.Ratio(Middle(Peak) / Middle(File)),
                .. Text.Times(results.Find(Name, of, Load, blas)), Text.Milliseconds(Middle(Read)), Text.Ratio(results.Ratio(Name, of, Load, Read, blas)),
            ]);
        }

        return table.ToString();
    }

    private static IReadOnlyList<CheckpointShape> Shapes(bool smoke) => smoke ? CheckpointShapes.Tiny : CheckpointShapes.Full;
}
