using CoMiGS.Demo.Results;
using Spectre.Console;

namespace CoMiGS.Demo.Screen;

/// <summary>Device by method: test perplexity, the best of a row marked.</summary>
internal static class ResultTable
{
    public static Table Of(DemoResult result, bool plain)
    {
        var table = new Table().Border(plain ? TableBorder.Markdown : TableBorder.Rounded);
        table.AddColumn("Test perplexity");
        table.AddColumn(new TableColumn("Train KB").RightAligned());
        table.AddColumn(new TableColumn("Base").RightAligned());
        foreach (var method in result.Methods)
        {
            table.AddColumn(new TableColumn(method.Name).RightAligned());
        }

        foreach (var (device, index) in result.Devices.Select((device, index) => (device, index)))
        {
            table.AddRow([
                Markup.Escape(device.Name),
                $"{device.TrainBytes / 1000.0:0.#}",
                $"{result.BasePerplexity[index]:0.000}",
                .. Marked([.. result.Methods.Select(method => method.Perplexity[index])], plain)]);
        }

        table.AddRow(["mean", "", $"{result.BasePerplexity.Average():0.000}", .. Marked([.. result.Methods.Select(method => method.Mean)], plain)]);
        table.AddRow(["mean before the last synchronisation", "", "", .. result.Methods.Select(method => $"{method.MeanAfterLocalSteps:0.000}")]);
        table.AddRow(["bytes per round", "", "0", .. result.Methods.Select(method => $"{method.BytesPerRound:N0}")]);
        return table;
    }

    private static IEnumerable<string> Marked(IReadOnlyList<double> values, bool plain) =>
        values.Select(value => value > values.Min() ? $"{value:0.000}" : plain ? $"*{value:0.000}" : $"[bold green]{value:0.000}[/]");
}
