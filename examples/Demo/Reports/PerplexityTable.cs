using System.Text;
using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Reports;

/// <summary>The table: a row a device, a column a method.</summary>
internal static class PerplexityTable
{
    public static string Of(DemoResult result)
    {
        var table = new StringBuilder("""<div class="scroll"><table class="figures"><thead><tr><th scope="col">Device</th><th scope="col" class="train">Train text</th><th scope="col">Base</th>""");
        foreach (var method in result.Methods)
        {
            table.Append($"""<th scope="col" class="{MethodLegend.ClassOf(method.Kind)}">{Html.Escape(method.Name)}<small>{MethodLegend.Shares(method.Kind)}</small></th>""");
        }

        table.Append("</tr></thead><tbody>");
        foreach (var (device, index) in result.Devices.Select((device, index) => (device, index)))
        {
            table.Append($"""<tr><th scope="row">{Html.Escape(device.Name)}<small>{Html.Escape(device.About)}</small></th><td class="train">{device.TrainBytes / 1000.0:0.#} KB</td><td>{result.BasePerplexity[index]:0.00}</td>""")
                .Append(Cells([.. result.Methods.Select(method => method.Perplexity[index])]))
                .Append("</tr>");
        }

        table.Append($"""</tbody><tfoot><tr><th scope="row">Mean</th><td class="train"></td><td>{result.BasePerplexity.Average():0.000}</td>""")
            .Append(Cells([.. result.Methods.Select(method => method.Mean)], "0.000"))
            .Append("""</tr><tr><th scope="row">Mean after local steps<small>before the last synchronisation</small></th><td class="train"></td><td></td>""")
            .Append(Cells([.. result.Methods.Select(method => method.MeanAfterLocalSteps)], "0.000"))
            .Append("""</tr><tr class="bytes"><th scope="row">Sent per round</th><td class="train"></td><td>0 KB</td>""")
            .Append(string.Concat(result.Methods.Select(method => $"""<td title="{method.BytesPerRound:N0} bytes">{method.BytesPerRound / 1000.0:N0} KB</td>""")))
            .Append("</tr></tfoot></table></div>");
        return Html.Section(
            "table",
            "Test perplexity",
            "Per byte, over the whole test text, after the last synchronisation; lower is better, the best of a row is marked. The mean after local steps is that of the models as each device had just trained them. Sent per round: what all devices together send and receive.",
            table.ToString());
    }

    private static string Cells(IReadOnlyList<double> values, string format = "0.00") =>
        string.Concat(values.Select(value => $"""<td{(value == values.Min() ? " class=\"best\"" : "")}>{value.ToString(format, System.Globalization.CultureInfo.InvariantCulture)}</td>"""));
}
