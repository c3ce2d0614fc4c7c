using System.Text;
using CoMiGS.Demo.Reports;

namespace CoMiGS.Experiments.Reports;

/// <summary>A row per method: its name, and below it its mean perplexity as a dot with one standard deviation to either side as a bar. Narrow enough for a phone.</summary>
internal static class MeanChart
{
    private const double Width = 460, Side = 12, RowHeight = 40, Foot = 30;

    public static string Of(DataTable table, string reference)
    {
        var rows = table.Rows.Where(row => row.Mean is not null).ToList();
        if (rows.Count == 0)
        {
            return "";
        }

        var values = rows.SelectMany(row => new[] { row.Mean!.Mean - (row.Mean.Deviation ?? 0), row.Mean.Mean + (row.Mean.Deviation ?? 0) }).ToList();
        var margin = Math.Max(0.01, (values.Max() - values.Min()) * 0.05);
        var x = new LinearScale(values.Min() - margin, values.Max() + margin, Side, Width - Side);
        var height = (rows.Count * RowHeight) + Foot;
        var svg = new StringBuilder($"""<svg class="means" viewBox="0 0 {Html.Number(Width)} {Html.Number(height)}" role="img" aria-label="Mean perplexity of each method on {Html.Escape(table.Name)}">""");
        foreach (var tick in x.Ticks(5))
        {
            var at = Html.Number(x.At(tick));
            svg.Append($"""<line class="grid" x1="{at}" x2="{at}" y1="0" y2="{Html.Number(height - Foot)}"/><text class="tick" text-anchor="middle" x="{at}" y="{Html.Number(height - 8)}">{TextTable.Number(tick, "0.0##")}</text>""");
        }

        foreach (var (row, index) in rows.Select((row, index) => (row, index)))
        {
            svg.Append(Line(row, (index + 0.72) * RowHeight, x, row.Name == reference));
        }

        return svg.Append("</svg>").ToString();
    }

    private static string Line(MethodRow row, double middle, LinearScale x, bool isReference)
    {
        var (mean, spread) = (row.Mean!.Mean, row.Mean.Deviation ?? 0);
        var (y, colour) = (Html.Number(middle), isReference ? "var(--comigs)" : "var(--fedavg)");
        return $"""<g><title>{Html.Escape(row.Name)}: {TextTable.Show(row.Mean, "0.000")}</title><text x="0" y="{Html.Number(middle - 13)}">{Html.Escape(row.Name)}</text>"""
            + $"""<line x1="{Html.Number(x.At(mean - spread))}" x2="{Html.Number(x.At(mean + spread))}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="3"/>"""
            + $"""<circle cx="{Html.Number(x.At(mean))}" cy="{y}" r="6" fill="{colour}"/></g>""";
    }
}
