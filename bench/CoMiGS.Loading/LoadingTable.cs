using System.Globalization;
using System.Text.Json;
using CoMiGS.StepMemory;
using static TorchSharp.torch;

namespace CoMiGS.Loading;

/// <summary>Makes checkpoints, measures each way to load them in processes of their own, and prints a table.</summary>
public static class LoadingTable
{
    private const double Megabyte = 1e6;

    private static readonly (string Name, LoadedAs Into, ScalarType? Type)[] Ways =
    [
        ("`Pretrained.Load`, type as stored", LoadedAs.Model, null),
        ("`Pretrained.Load`, float32", LoadedAs.Model, ScalarType.Float32),
        ("`Pretrained.Load`, bfloat16", LoadedAs.Model, ScalarType.BFloat16),
        ("`SafetensorsFile.Read`", LoadedAs.Tensors, null),
    ];

    /// <summary>The median of each figure over the repetitions.</summary>
    public static void Print(IEnumerable<CheckpointShape> shapes, int repetitions, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {get_num_threads()} torch threads, {Environment.OSVersion}, .NET {Environment.Version}; median of {repetitions}"));
        output.WriteLine("| checkpoint | loaded by | file MB | before MB | peak MB | after MB | (peak - before) / file | peak / file | load s | read s | load / read |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var shape in shapes)
        {
            using var checkpoint = new SyntheticCheckpoint(Directory.CreateDirectory("artifacts").FullName, shape);
            foreach (var (name, into, type) in Ways.Where(way => way.Type != shape.Type))
            {
                output.WriteLine(Row(shape, name, Median(checkpoint, into, type, repetitions)));
            }
        }
    }

    /// <summary>Measures one way to load a checkpoint.</summary>
    public static LoadingFigures Measure(SyntheticCheckpoint checkpoint, LoadedAs into, ScalarType? type) =>
        ChildProcess.Run<LoadingFigures>(typeof(LoadingTable).Assembly, JsonSerializer.Serialize(new LoadingCase(checkpoint.Folder, into, type)));

    private static LoadingFigures Median(SyntheticCheckpoint checkpoint, LoadedAs into, ScalarType? type, int repetitions)
    {
        var runs = Enumerable.Range(0, repetitions).Select(_ => Measure(checkpoint, into, type)).ToList();
        return new(runs[0].FileBytes, Middle(r => r.Before), Middle(r => r.Peak), Middle(r => r.After), Middle(r => r.LoadSeconds), Middle(r => r.ReadSeconds));

        T Middle<T>(Func<LoadingFigures, T> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);
    }

    private static string Row(CheckpointShape shape, string way, LoadingFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {shape.Name}, {shape.Type} | {way} | {figures.FileBytes / Megabyte:0} | {figures.Before / Megabyte:0} | {figures.Peak / Megabyte:0} | {figures.After / Megabyte:0} | {figures.PeakRatio:0.000} | {figures.ProcessRatio:0.000} | {figures.LoadSeconds:0.00} | {figures.ReadSeconds:0.00} | {figures.TimeRatio:0.00} |");
}
