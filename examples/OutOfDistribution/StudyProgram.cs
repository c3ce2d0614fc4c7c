using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Reports;

namespace CoMiGS.OutOfDistribution;

/// <summary>The study from its options to its files.</summary>
public static class StudyProgram
{
    /// <summary>Runs it, prints the table and writes <c>table.md</c> and <c>result.json</c>.</summary>
    /// <param name="options">What the command line asked for.</param>
    /// <param name="screen">Where to print.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task RunAsync(DemoOptions options, TextWriter screen, CancellationToken cancellation)
    {
        var output = OutputFolder.Open(options.Output);
        var result = await new Study(TimeProvider.System).RunAsync(options, new Lines(screen), cancellation).ConfigureAwait(false);
        var table = StudyReport.Markdown(result);
        output.Write("table.md", table);
        output.Write("result.json", StudyReport.Json(result));
        await screen.WriteLineAsync().ConfigureAwait(false);
        await screen.WriteLineAsync(table).ConfigureAwait(false);
    }

    private sealed class Lines(TextWriter screen) : IProgress<DemoEvent>
    {
        public void Report(DemoEvent value)
        {
            if (value is BaseModelReady or MethodDone)
            {
                screen.WriteLine(value is MethodDone done ? $"{done.Method}: mean perplexity on own test text {done.Mean:0.000}" : "base model ready");
            }
        }
    }
}
