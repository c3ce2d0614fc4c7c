using System.Text;
using CoMiGS.Demo.Reports;

namespace CoMiGS.Experiments.Reports;

/// <summary>A small chart per data set: held-out loss by round, a line per method.</summary>
internal static class CurveCharts
{
    private const double Width = 400, Height = 280, Left = 50, Right = 10, Bottom = 30, Top = 8;
    private const int Colours = 7, Dashes = 3;

    /// <summary>The section, or nothing where no cell kept its losses.</summary>
    public static string Of(IReadOnlyList<DataTable> tables, string reference)
    {
        var charts = tables.Select(table => (table.Name, Curves: MethodCurve.Of(table))).Where(chart => chart.Curves.Count > 0).ToList();
        return charts.Count == 0
            ? ""
            : Html.Section(
                "curves",
                "Loss by round",
                "Nats per byte on the first 2 KB of each user's test text, after the synchronisation that ends a round; mean over users and seeds, a line per method.",
                Legend(charts.SelectMany(chart => chart.Curves).DistinctBy(curve => curve.Method).OrderBy(curve => curve.Method), reference)
                + $"""<div class="grid-charts">{string.Concat(charts.Select(chart => $"<figure><figcaption>{Html.Escape(chart.Name)}</figcaption>{Chart(chart.Name, chart.Curves, reference)}</figure>"))}</div>""");
    }

    private static string Chart(string name, IReadOnlyList<MethodCurve> curves, string reference)
    {
        var losses = curves.SelectMany(curve => curve.Points.Select(point => point.Loss)).ToList();
        var margin = Math.Max(0.005, (losses.Max() - losses.Min()) * 0.05);
        var x = new LinearScale(curves.Min(curve => curve.Points[0].Round), curves.Max(curve => curve.Points[^1].Round), Left, Width - Right);
        var y = new LinearScale(losses.Min() - margin, losses.Max() + margin, Height - Bottom, Top);
        var svg = new StringBuilder($"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="Held-out loss by round of each method on {Html.Escape(name)}">""");
        foreach (var tick in y.Ticks(5))
        {
            var at = Html.Number(y.At(tick));
            svg.Append($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{at}" y2="{at}"/><text class="tick" text-anchor="end" x="{Left - 7}" y="{at}" dy=".35em">{TextTable.Number(tick, "0.0##")}</text>""");
        }

        foreach (var tick in x.Ticks(6).Where(tick => tick == Math.Floor(tick)))
        {
            svg.Append($"""<text class="tick" text-anchor="middle" x="{Html.Number(x.At(tick))}" y="{Height - 10}">{Html.Number(tick)}</text>""");
        }

        svg.Append($"""<text class="name" x="0" y="{Height - 10}">round</text>""");
        foreach (var curve in curves.OrderBy(curve => curve.Name == reference))
        {
            var points = string.Join(' ', curve.Points.Select(point => $"{Html.Number(x.At(point.Round))},{Html.Number(y.At(point.Loss))}"));
            svg.Append($"""<polyline class="{Style(curve, reference)}" points="{points}"><title>{Html.Escape(curve.Name)}: {TextTable.Number(curve.Points[^1].Loss, "0.000")} after round {curve.Points[^1].Round}</title></polyline>""");
        }

        return svg.Append("</svg>").ToString();
    }

    private static string Legend(IEnumerable<MethodCurve> curves, string reference) =>
        $"""<p class="legend">{string.Concat(curves.Select(curve => $"""<span><svg viewBox="0 0 30 10" aria-hidden="true"><line class="{Style(curve, reference)}" x1="1" x2="29" y1="5" y2="5"/></svg>{Html.Escape(curve.Name)}</span>"""))}</p>""";

    private static string Style(MethodCurve curve, string reference) =>
        curve.Name == reference ? "curve reference" : $"curve line-{curve.Method % Colours} dash-{curve.Method / Colours % Dashes}";
}
