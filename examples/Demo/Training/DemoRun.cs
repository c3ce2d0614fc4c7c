using CoMiGS.Checkpoints;
using CoMiGS.Data;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Reports;
using CoMiGS.Demo.Results;
using CoMiGS.Demo.Text;
using TorchSharp;

namespace CoMiGS.Demo.Training;

/// <summary>The demo itself: text, base model, the three methods one after another, and their figures. It knows no screen.</summary>
/// <param name="time">The clock.</param>
public sealed class DemoRun(TimeProvider time)
{
    private const string Adapters = "adapters";

    /// <summary>Runs everything, and writes the CoMiGS adapters of each device into the output folder.</summary>
    /// <param name="options">What the command line asked for.</param>
    /// <param name="output">Where the adapters go.</param>
    /// <param name="progress">Hears of everything that happens; from several threads.</param>
    /// <param name="cancellation">Stops at the next step; the output folder is left as it was.</param>
    /// <exception cref="DemoException">The text or the options have to be put right.</exception>
    public async Task<DemoResult> RunAsync(DemoOptions options, OutputFolder output, IProgress<DemoEvent> progress, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var settings = (options.Quick ? BaseModelSettings.Quick : new BaseModelSettings()) with { Seed = options.Seed };
        var text = DemoTextReader.Read(options, settings.Window);
        var devices = Describe(text, PerDevice.Spread("--specialists", options.Specialists, text.Users.Count));
        progress.Report(new TextReady(text.Title, devices));

        // One core a model: so small products gain nothing from more, and the figures do not depend on how many there are.
        torch.set_num_threads(1);
        using var baseModel = new BaseModelSource(new BaseModelCache(options.Cache), time).Get(settings, text.Base, progress, cancellation);
        var plan = new RunPlan(options, text, devices, settings, baseModel);
        var before = text.Users.Select(user => TestPerplexity.Of(baseModel, TextBytes.From(user.Test), settings.Window, cancellation)).ToList();

        List<MethodResult> methods = [];
        List<DeviceRouting> routing = [];
        foreach (var method in Enum.GetValues<MethodKind>())
        {
            methods.Add(await MethodRun.RunAsync(method, plan, time, progress, WhenTrained, cancellation).ConfigureAwait(false));

            void WhenTrained(IReadOnlyList<CoMiGSDevice> trained)
            {
                if (method == MethodKind.CoMiGS)
                {
                    routing.AddRange(trained.Zip(text.Users, (device, user) => RoutingProbe.Of(device.Model, user.Test, settings.Window, cancellation)));
                    AtomicFolder.Write(output.PathOf(Adapters), folder => SaveAll(trained, folder));
                }
            }
        }

        return new DemoResult
        {
            Scenario = text.Title,
            Seed = options.Seed,
            Threads = options.Threads,
            Machine = MachineName.Get(),
            Rounds = options.Rounds,
            Steps = options.Steps,
            BaseModel = settings.Description,
            Elapsed = time.GetElapsedTime(start),
            Devices = devices,
            BasePerplexity = before,
            Methods = methods,
            Routing = routing,
        };
    }

    private static IReadOnlyList<DeviceInfo> Describe(DemoText text, IReadOnlyList<int> specialists) =>
        [.. text.Users.Zip(specialists, (user, count) => new DeviceInfo(user.Name, user.About, user.TrainBytes, user.ValidBytes, user.TestBytes, count))];

    private static void SaveAll(IReadOnlyList<CoMiGSDevice> devices, string folder)
    {
        foreach (var device in devices)
        {
            device.Model.Save(Path.Combine(folder, device.Name));
        }
    }
}
