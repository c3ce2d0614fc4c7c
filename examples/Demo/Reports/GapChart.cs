using System.Text;
using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Reports;

/// <summary>A row of dots per device: how far each method is above the better of learning alone and sharing everything.</summary>
internal static class GapChart
{
    public static string Of(DemoResult result)
    {
        var rows = result.Devices
            .Select((device, index) => (device.Name, Values: result.Methods.Select(method => method.Perplexity[index]).ToList()))
            .Append((Name: "Mean", Values: [.. result.Methods.Select(method => method.Mean)]))
            .Select(row => (row.Name, row.Values, Gaps: Gaps(result, row.Values)))
            .ToList();
        var scale = new LinearScale(Math.Min(0, rows.Min(row => row.Gaps.Min())), Math.Max(0.01, rows.Max(row => row.Gaps.Max())), 0, 100);
        var chart = new StringBuilder("""<div class="gaps">""");
        foreach (var row in rows)
        {
            chart.Append(Row(result, row.Name, row.Values, row.Gaps, scale));
        }

        chart.Append("""<div class="gap-ticks"><span></span><div class="track">""")
            .Append(string.Concat(scale.Ticks(4).Select(tick => $"""<span style="left:{Html.Number(scale.At(tick))}%">{tick * 100:+0.#;−0.#;0}%</span>""")))
            .Append("</div></div></div>");
        return Html.Section(
            "gap",
            "Between alone and together",
            "Perplexity above the better of Local and FedAvg: further left is better. The reference differs by device: where sharing helps it is FedAvg, where it hurts it is Local.",
            MethodLegend.Of(result) + chart);
    }

    private static string Row(DemoResult result, string name, IReadOnlyList<double> values, IReadOnlyList<double> gaps, LinearScale scale)
    {
        var (low, high) = (scale.At(gaps.Min()), scale.At(gaps.Max()));
        var dots = string.Concat(result.Methods.Select((method, index) =>
            $"""<i class="dot {MethodLegend.ClassOf(method.Kind)}" style="left:{Html.Number(scale.At(gaps[index]))}%" title="{Html.Escape(name)}, {Html.Escape(method.Name)}: {values[index]:0.000}"></i>"""));
        var grid = string.Concat(scale.Ticks(4).Select(tick =>
            $"""<i class="{(Math.Abs(tick) < 1e-9 ? "zero" : "tick")}" style="left:{Html.Number(scale.At(tick))}%"></i>"""));
        return $"""<div class="gap-row"><span>{Html.Escape(name)}</span><div class="track">{grid}<i class="span" style="left:{Html.Number(low)}%;width:{Html.Number(high - low)}%"></i>{dots}</div></div>""";
    }

    private static IReadOnlyList<double> Gaps(DemoResult result, IReadOnlyList<double> values)
    {
        var reference = result.Methods.Zip(values).Where(pair => pair.First.Kind != MethodKind.CoMiGS).Min(pair => pair.Second);
        return [.. values.Select(value => (value / reference) - 1)];
    }
}
