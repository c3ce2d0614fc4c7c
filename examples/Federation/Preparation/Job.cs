using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Text;
using CoMiGS.Demo.Training;
using CoMiGS.Models;
using TorchSharp;

namespace CoMiGS.FederationTrial.Preparation;

/// <summary>The demo's job: whose text, and which base model.</summary>
/// <param name="Options">What the command line asked for.</param>
/// <param name="Text">The devices' text.</param>
/// <param name="Base">The trained base model.</param>
internal sealed record Job(TrialOptions Options, DemoText Text, Gpt Base) : IDisposable
{
    /// <summary>The names of the devices.</summary>
    public IReadOnlyList<string> Devices { get; } = [.. Text.Users.Select(user => user.Name)];

    /// <summary>Reads the text and trains the base model, or takes it from the cache: one file for all processes.</summary>
    public static Job Make(TrialOptions options, TimeProvider time, IProgress<DemoEvent> progress, CancellationToken stop)
    {
        var settings = (options.Quick ? BaseModelSettings.Quick : new BaseModelSettings()) with { Seed = options.Seed };
        var text = DemoTextReader.Read(new DemoOptions { Quick = options.Quick, Seed = options.Seed }, settings.Window);
        torch.set_num_threads(1);
        return new Job(options, text, new BaseModelSource(new BaseModelCache(options.Cache), time).Get(settings, text.Base, progress, stop));
    }

    public void Dispose() => Base.Dispose();
}
