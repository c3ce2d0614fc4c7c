using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Reports;
using CoMiGS.Demo.Results;
using CoMiGS.Demo.Training;

namespace CoMiGS.Demo.Tests.Training;

/// <summary>Runs of the demo that share one folder for base models, so that only the first trains one.</summary>
public sealed class DemoFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The smallest run that still does everything.</summary>
    public DemoOptions Tiny => new() { Quick = true, Rounds = 2, Steps = 2, TrainKilobytes = [8], Cache = _folder.Of("cache") };

    /// <summary>An output folder of its own.</summary>
    public string NewOutput() => _folder.Of(Guid.NewGuid().ToString("N"));

    /// <summary>Runs the demo and writes its report.</summary>
    internal static async Task<(DemoResult Result, string Folder)> Run(DemoOptions options, Action<DemoEvent>? hear = null, CancellationToken cancellation = default)
    {
        var output = OutputFolder.Open(options.Output);
        var result = await new DemoRun(TimeProvider.System).RunAsync(options, output, new Listener(hear), cancellation);
        ReportWriter.Write(output, result);
        return (result, output.Path);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Listener(Action<DemoEvent>? hear) : IProgress<DemoEvent>
    {
        public void Report(DemoEvent value) => hear?.Invoke(value);
    }
}
