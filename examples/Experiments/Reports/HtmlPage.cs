using CoMiGS.Demo.Reports;
using CoMiGS.Experiments.Configuration;

namespace CoMiGS.Experiments.Reports;

/// <summary>The report as one HTML file that needs no network and no other file.</summary>
public static class HtmlPage
{
    /// <summary>The file's text.</summary>
    public static string Of(Experiment experiment, IReadOnlyList<DataTable> tables, Origin origin)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(origin);
        return PageFrame.Of(
            experiment.Title,
            $"""
            <header>
            <p class="eyebrow">CoMiGS for .NET</p>
            <h1>{Html.Escape(experiment.Title)}</h1>
            <p class="scenario">{Html.Escape(Facts.Budget(experiment))} {Html.Escape(Facts.BaseModel(experiment, origin))}</p>
            <p class="scenario">{Html.Escape(Facts.Machines(tables))} The same tables again: <code>{Html.Escape(origin.Command)}</code></p>
            </header>
            {string.Concat(tables.Select((table, index) => Section(table, $"data-{index + 1}", experiment.Reference)))}
            {CurveCharts.Of(tables, experiment.Reference)}
            {string.Concat(tables.Select((table, index) => RoutingPictures.Of(table, $"data-{index + 1}", experiment.Reference)))}
            {Html.Section("test", "The paired test", "", $"<p>{Html.Escape(Facts.Test(experiment))}</p>")}
            {Html.Section("cells", "Every cell", "", Table(CellList.Header, CellList.Lines(tables)))}
            """,
            PageFile.Read("experiments.css", typeof(HtmlPage)));
    }

    private static string Section(DataTable table, string id, string reference) => Html.Section(
        id,
        table.Name,
        $"{Html.Escape(table.Texts)} {Html.Escape(Facts.HowToRead)}",
        Table(TextTable.Header(table, reference), table.Rows.Select(row => TextTable.Line(table, row))) + MeanChart.Of(table, reference));

    private static string Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> lines) =>
        $"""<div class="scroll"><table class="figures"><thead><tr>{string.Concat(header.Select(name => $"<th scope=\"col\">{Html.Escape(name)}</th>"))}</tr></thead><tbody>"""
        + string.Concat(lines.Select(line => $"""<tr><th scope="row">{Html.Escape(line[0])}</th>{string.Concat(line.Skip(1).Select(field => $"<td>{Html.Escape(field)}</td>"))}</tr>"""))
        + "</tbody></table></div>";
}
