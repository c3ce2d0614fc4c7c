using System.Text;
using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Reports;

/// <summary>A small chart per device: loss by round and method, on held-out text (strong) and on training text (thin).</summary>
internal static class LossCurves
{
    private const double Width = 360;
    private const double Height = 220;
    private const double Left = 42;
    private const double Bottom = 30;

    public static string Of(DemoResult result)
    {
        var charts = string.Concat(result.Devices.Select((device, index) =>
            $"""<figure><figcaption>{Html.Escape(device.Name)}<small>{device.TrainBytes / 1000.0:0.#} KB of training text</small></figcaption>{Chart(result, index)}</figure>"""));
        return Html.Section(
            "curves",
            "Loss by round",
            "Nats per byte. Strong lines: text that the device did not learn from, measured at the end of each round. Thin lines: the training text. Where the two part, a device begins to learn its text by heart.",
            MethodLegend.Of(result) + $"""<div class="grid-charts">{charts}</div>""");
    }

    private static string Chart(DemoResult result, int device)
    {
        var curves = result.Methods.Select(method => (method.Kind, Points: method.Curves[device])).ToList();
        var values = curves.SelectMany(curve => curve.Points).SelectMany(point => new[] { point.Train, point.HeldOut ?? point.Train }).ToList();
        var rounds = curves.Max(curve => curve.Points.Max(point => point.Round));
        var x = new LinearScale(1, Math.Max(2, rounds), Left, Width - 10);
        var margin = Math.Max(0.01, (values.Max() - values.Min()) * 0.06);
        var y = new LinearScale(values.Min() - margin, values.Max() + margin, Height - Bottom, 8);
        var svg = new StringBuilder($"""<svg viewBox="0 0 {Width} {Height}" role="img" aria-label="Loss by round of {Html.Escape(result.Devices[device].Name)}">""");
        foreach (var tick in y.Ticks(4))
        {
            var at = Html.Number(y.At(tick));
            svg.Append($"""<line class="grid" x1="{Left}" x2="{Width - 10}" y1="{at}" y2="{at}"/><text class="tick" text-anchor="end" x="{Left - 7}" y="{at}" dy=".35em">{tick:0.0#}</text>""");
        }

        foreach (var tick in x.Ticks(5).Where(tick => tick == Math.Floor(tick)))
        {
            svg.Append($"""<text class="tick" text-anchor="middle" x="{Html.Number(x.At(tick))}" y="{Height - 10}">{tick:0}</text>""");
        }

        svg.Append($"""<text class="name" x="{Left}" y="{Height - 10}">round</text>""");
        foreach (var (kind, points) in curves)
        {
            svg.Append(Line(kind, "train", points.Select(point => (point.Round, Loss: (double?)point.Train)), x, y))
                .Append(Line(kind, "held-out", points.Select(point => (point.Round, Loss: point.HeldOut)), x, y));
        }

        return svg.Append("</svg>").ToString();
    }

    private static string Line(MethodKind kind, string what, IEnumerable<(int Round, double? Loss)> points, LinearScale x, LinearScale y)
    {
        var known = points.Where(point => point.Loss is not null).ToList();
        return known.Count == 0
            ? ""
            : $"""<polyline class="line {what} {MethodLegend.ClassOf(kind)}" points="{string.Join(' ', known.Select(point => $"{Html.Number(x.At(point.Round))},{Html.Number(y.At(point.Loss!.Value))}"))}"><title>{kind}, {what}: {known[^1].Loss:0.000} in the last round</title></polyline>""";
    }
}
