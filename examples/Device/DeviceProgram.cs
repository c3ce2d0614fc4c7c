using CoMiGS.Demo;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Training;
using CoMiGS.Federation;
using CoMiGS.Models;
using CoMiGS.Parameters;
using CoMiGS.Checkpoints;
using CoMiGS.Data;
using CoMiGS.Telemetry;
using CoMiGS.Training;
using CoMiGS.Transport.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace CoMiGS.DeviceHost;

/// <summary>A device that takes part in a run over HTTPS, with the demo's experts and training. It may be stopped, or killed, and started again at any time.</summary>
public static class DeviceProgram
{
    private const string Adapters = "adapters";
    private const string States = "states";

    /// <summary>Takes part until the run is over; the adapters lie in the device's folder then.</summary>
    /// <param name="settings">What the command line asked for.</param>
    /// <param name="stop">Leaves the run; started again, the device goes on.</param>
    /// <exception cref="DemoException">An option or a file has to be put right.</exception>
    /// <exception cref="FederationException">The coordinator refuses the device.</exception>
    public static async Task RunAsync(DeviceSettings settings, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var telemetry = TelemetryExport.FromEnvironment("comigs-device", settings.Name);
        torch.set_num_threads(settings.Threads);
        using var logs = Logging.ToConsole();
        var log = logs.CreateLogger("CoMiGS.Device");
        using var identity = new DeviceIdentity(settings);
        using var model = InputFile.Read("--base", settings.Base, "the folder of a checkpoint, with config.json and model.safetensors", LoadModel);
        var data = DeviceText.Open(settings, model, Window(settings, model));
        await identity.ProveAsync(log, stop).ConfigureAwait(false);

        var services = new ServiceCollection().AddSingleton(logs);
        services.AddCoMiGS().AddDevice(settings.Name, device => Compose(device, settings, model, data, identity, new DeviceLines(log)));
        var provider = services.BuildServiceProvider();
        await using var disposal = provider.ConfigureAwait(false);
        var composed = Composed(provider);
        await Patience.UntilItGetsThroughAsync(() => composed.RunAsync(stop), settings.Name, log).ConfigureAwait(false);
        log.AdaptersSaved(settings.Name, settings.PathOf(Adapters));
    }

    private static LanguageModel LoadModel(string folder)
    {
        try
        {
            return Pretrained.Load(folder);
        }
        catch (PretrainedException wrong)
        {
            throw new InvalidDataException(wrong.Message, wrong);
        }
    }

    private static int Window(DeviceSettings settings, LanguageModel model) => Math.Min(settings.Window, model.BlockSize);

    private static void Compose(DeviceBuilder device, DeviceSettings settings, LanguageModel model, DeviceData data, DeviceIdentity identity, DeviceLines lines)
    {
        var seed = new Seed(settings.Seed).For(settings.Name).Value;
        device
            .JoinRun(settings.Run)
            .UseModel(_ => model)
            .UseExperts(experts => experts.Generalists(1).Specialists(settings.Specialists).Rank(FineTuning.Rank).Alpha(FineTuning.Alpha).Seed(seed))
            .UseRouter(router => router.LoadBalance(0)) // as in the demo: of two experts a token takes both
            .UseBilevelTraining(training => FineTuning.Configure(training, Window(settings, model), seed))
            .UseData(_ => data)
            .UseTransport(transport => transport.Http(settings.Coordinator, identity.Configure))
            .KeepState(settings.PathOf(States), settings.SaveEvery)
            .SaveAdapters(settings.PathOf(Adapters))
            .OnStep(lines)
            .OnMoment(lines.OnMoment);
        if (settings.ReportHeldOut)
        {
            device.ReportHeldOut();
        }
    }

    private static CoMiGSDevice Composed(ServiceProvider services)
    {
        try
        {
            return services.GetRequiredService<CoMiGSDevice>();
        }
        catch (Exception wrong) when (wrong is OptionsValidationException or ArgumentException or TrainingStateException)
        {
            throw new DemoException(wrong.Message, wrong);
        }
    }
}
