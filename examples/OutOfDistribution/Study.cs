using CoMiGS.Data;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Results;
using CoMiGS.Demo.Text;
using CoMiGS.Demo.Training;
using CoMiGS.Training;
using TorchSharp;

namespace CoMiGS.OutOfDistribution;

/// <summary>
/// The bi-level formulation lets the router's split differ from the experts': experts learn on each device's own text, and the router on text
/// like the text to come. Here that is either the device's own kind or a mix of everybody's, and both routers are measured on both.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="baseModel">Size and training of the base model; the demo's if none is given.</param>
public sealed class Study(TimeProvider time, BaseModelSettings? baseModel = null)
{
    /// <summary>Runs the methods one after another.</summary>
    /// <param name="options">What the command line asked for.</param>
    /// <param name="progress">Hears of everything that happens; from several threads.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <exception cref="Demo.DemoException">The text has to be put right.</exception>
    public async Task<StudyResult> RunAsync(DemoOptions options, IProgress<DemoEvent> progress, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var settings = (baseModel ?? (options.Quick ? BaseModelSettings.Quick : new BaseModelSettings())) with { Seed = options.Seed };
        var own = DemoTextReader.Read(options, settings.Window);
        var mixed = options.DataFolder is { } folder ? MixedText.Read(folder) : MixedText.Of(own.Users);
        var fittedOnMixed = own with { Users = [.. own.Users.Select(user => user with { Valid = mixed.Valid })] };
        fittedOnMixed.RequireWindows(settings.Window);

        torch.set_num_threads(1);
        using var trained = new BaseModelSource(new BaseModelCache(options.Cache), time).Get(settings, own.Base, progress, cancellation);
        (string Name, MethodKind Kind, DemoText Text)[] methods =
        [
            ("Local", MethodKind.Local, own),
            ("FedAvg", MethodKind.FedAvg, own),
            (StudyResult.RouterOnOwn, MethodKind.CoMiGS, own),
            (StudyResult.RouterOnMixed, MethodKind.CoMiGS, fittedOnMixed),
        ];
        List<StudyRow> rows = [];
        foreach (var (name, kind, text) in methods)
        {
            rows.Add(await Row(name, kind, new RunPlan(options, text, Devices(text), settings, trained)).ConfigureAwait(false));
        }

        return new StudyResult(
            options.DataFolder is { } data ? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data))) : "SDK messages in four languages",
            settings.Description, options, MachineName.Get(), time.GetElapsedTime(start), Devices(own), rows);

        async Task<StudyRow> Row(string name, MethodKind kind, RunPlan plan)
        {
            List<(double Perplexity, double Share)> onMixed = [];
            var result = await MethodRun.RunAsync(
                kind, plan, time, progress, devices => onMixed.AddRange(OnMixed(devices, mixed.Test, options.Threads, settings.Window, cancellation)), cancellation).ConfigureAwait(false);
            return new StudyRow(
                name, result.Perplexity, [.. onMixed.Select(figures => figures.Perplexity)], kind == MethodKind.CoMiGS ? [.. onMixed.Select(figures => figures.Share)] : null);
        }
    }

    private static (double Perplexity, double Share)[] OnMixed(IReadOnlyList<CoMiGSDevice> devices, string test, int threads, int window, CancellationToken cancellation)
    {
        var figures = new (double, double)[devices.Count];
        Parallel.For(0, figures.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, index =>
        {
            var model = devices[index].Model;
            using var routing = model.RecordRouting();
            var report = Evaluation.Run(model.Model, TextBytes.From(test, "mixed test"), window, cancellationToken: cancellation);
            figures[index] = (report.Perplexity, routing.Layers.Average(layer => layer.GeneralistShare));
        });
        return figures;
    }

    private static IReadOnlyList<DeviceInfo> Devices(DemoText text) =>
        [.. text.Users.Select(user => new DeviceInfo(user.Name, user.About, user.TrainBytes, user.ValidBytes, user.TestBytes, Specialists: 1))];
}
