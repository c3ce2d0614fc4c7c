using System.Globalization;
using CoMiGS.Experiments.Statistics;

namespace CoMiGS.Experiments.Reports;

/// <summary>The words and figures of a data set's table, for Markdown and HTML alike.</summary>
internal static class TextTable
{
    private const string Nothing = "-";

    public static IReadOnlyList<string> Header(DataTable table, string reference) =>
        ["Method", .. table.Users, "mean", "mean after local steps", "bytes per round", "processor seconds", "peak MiB", $"against {reference}", "p", "p (Holm)", "seeds"];

    public static IReadOnlyList<string> Line(DataTable table, MethodRow row) =>
    [
        row.Name,
        .. table.Users.Select((_, user) => Show(row.OfUser(user), "0.000")),
        Show(row.Mean, "0.000"),
        Show(row.Over(cell => cell.MeanAfterLocalSteps), "0.000"),
        Number(row.Over(cell => cell.BytesPerRound)?.Mean, "#,0"),
        Number(row.Processor?.Mean, "0.0"),
        Number(row.Peak?.Mean, "0"),
        Number(row.Comparison?.Ratio * 100, "+0.00;-0.00;0.00") + (row.Comparison is null ? "" : "%"),
        Number(row.Comparison?.PValue, "0.0000"),
        Number(row.Comparison?.Adjusted, "0.0000"),
        Seeds(row),
    ];

    public static string Show(Sample? sample, string format) => sample switch
    {
        null => Nothing,
        { Deviation: { } deviation } => $"{Number(sample.Mean, format)} ± {Number(deviation, format)}",
        _ => Number(sample.Mean, format),
    };

    public static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? Nothing;

    private static string Seeds(MethodRow row) =>
        $"{row.Cells.Count}{(row.Diverged > 0 ? $", {row.Diverged} diverged" : "")}{(row.Missing > 0 ? $", {row.Missing} not finished" : "")}";
}
