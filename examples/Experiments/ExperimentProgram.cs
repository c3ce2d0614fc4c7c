using CoMiGS.Demo;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Reports;
using CoMiGS.Demo.Screen;
using CoMiGS.Experiments.Configuration;
using CoMiGS.Experiments.Reports;
using CoMiGS.Experiments.Results;
using CoMiGS.Experiments.Running;
using CoMiGS.Experiments.Screen;

namespace CoMiGS.Experiments;

/// <summary>An experiment from its options to its report.</summary>
public static class ExperimentProgram
{
    /// <summary>The names of the files.</summary>
    public const string Results = "results.jsonl", Markdown = "report.md", Page = "report.html";

    /// <summary>Runs it on the console of this process.</summary>
    /// <param name="options">What the command line asked for.</param>
    /// <param name="cancellation">Stops it; finished cells stay.</param>
    public static async Task RunAsync(ExperimentOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var redirected = Console.IsOutputRedirected;
        if (redirected)
        {
            await RunAsync(options, new ExperimentLines(Console.Out), cancellation).ConfigureAwait(false);
        }
        else
        {
            await ExperimentBars.WatchAsync(Screens.Console(redirected), async bars =>
            {
                await RunAsync(options, bars, cancellation).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }

        await Console.Out.WriteLineAsync($"Report: {Path.Combine(options.Output, Page)}").ConfigureAwait(false);
    }

    /// <summary>Runs it without a screen.</summary>
    /// <param name="options">What the command line asked for.</param>
    /// <param name="progress">Hears of everything that happens; from several threads.</param>
    /// <param name="cancellation">Stops it; finished cells stay.</param>
    public static async Task RunAsync(ExperimentOptions options, IProgress<DemoEvent> progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var name = Path.GetFileNameWithoutExtension(options.Config);
        var read = ConfigReader.Read(options.Config, options.DataRoot);
        if (options.Page is { } place)
        {
            RequirePage(place, name, options.Smoke);
        }

        var experiment = options.Smoke ? Smoke.Of(read) : read;
        var output = OutputFolder.Open(options.Output);
        using var results = ResultsFile.Open(output.PathOf(Results));
        var cells = await new ExperimentRun(TimeProvider.System)
            .RunAsync(experiment, results, new OtherResults(options.Output, Results), options.Cache, options.ReportOnly ? null : options.Threads, progress, cancellation).ConfigureAwait(false);
        var tables = DataTable.Of(experiment, cells, results.Finished);
        var origin = new Origin(CommandFor(options, experiment), cells[0].BaseKey);
        var report = MarkdownReport.Of(experiment, tables, origin);
        output.Write(Markdown, report);
        output.Write(Page, HtmlPage.Of(experiment, tables, origin));
        if (options.Page is { } page)
        {
            if (!tables.Any(table => table.Rows.Any(row => row.Cells.Count > 0)))
            {
                throw new DemoException($"--page: no cell of {name} is finished, so {page} stays as it is.");
            }

            ResultsPage.Fill(page, name, report);
        }
    }

    // Before anything is computed.
    private static void RequirePage(string page, string name, bool smoke)
    {
        if (smoke)
        {
            throw new DemoException("--page is for tables, but the figures of --smoke mean nothing. Leave one of them out.");
        }

        ResultsPage.Require(page, name);
    }

    // Folders are the machine's own, and no figure depends on the threads.
    private static string CommandFor(ExperimentOptions options, Experiment experiment) =>
        $"./build.sh experiments {Path.GetFileNameWithoutExtension(options.Config)}{(options.Smoke ? " --smoke" : "")}{(experiment.BaseText is not null || experiment.Data.Any(set => set.Folder is not null) ? " --data DIR" : "")}";
}
