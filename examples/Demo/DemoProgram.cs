using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Reports;
using CoMiGS.Demo.Screen;
using CoMiGS.Demo.Training;

namespace CoMiGS.Demo;

/// <summary>The demo from its options to its report: opens the output, watches the run, shows and writes what came out.</summary>
public static class DemoProgram
{
    /// <summary>Runs it on the console of this process.</summary>
    /// <param name="options">What the command line asked for.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task RunAsync(DemoOptions options, CancellationToken cancellation)
    {
        // Before any training: nobody wants to wait for minutes to learn that the report has no place.
        var output = OutputFolder.Open(options.Output);
        foreach (var warning in EngineCheck.Warnings())
        {
            await Console.Error.WriteLineAsync($"Warning: {warning}").ConfigureAwait(false);
        }

        var redirected = Console.IsOutputRedirected;
        var (screen, shown) = Screens.For(Screens.Console(redirected), redirected);
        var run = new DemoRun(TimeProvider.System);
        var result = await screen.WatchAsync(progress => run.RunAsync(options, output, progress, cancellation)).ConfigureAwait(false);
        ReportWriter.Write(output, result);
        shown.Show(result, output.Path);
    }
}
