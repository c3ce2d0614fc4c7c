using System.Globalization;
using System.Text;
using CoMiGS.Experiments.Configuration;
using CoMiGS.Experiments.Results;
using CoMiGS.Experiments.Running;
using CoMiGS.Experiments.Statistics;

namespace CoMiGS.Experiments.Reports;

/// <summary>All methods on one data set.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Users">Its users.</param>
/// <param name="Texts">How much text they have.</param>
/// <param name="Rows">A row for every method, in the order of the configuration.</param>
public sealed record DataTable(string Name, IReadOnlyList<string> Users, string Texts, IReadOnlyList<MethodRow> Rows)
{
    /// <summary>The tables of an experiment.</summary>
    /// <param name="experiment">The configuration.</param>
    /// <param name="cells">Its cells.</param>
    /// <param name="finished">What came out, by key.</param>
    public static IReadOnlyList<DataTable> Of(Experiment experiment, IReadOnlyList<Cell> cells, IReadOnlyDictionary<string, CellResult> finished) =>
    [
        .. cells.GroupBy(cell => cell.Data).Select(group => new DataTable(
            group.Key.Name,
            [.. group.Key.Users.Select(user => user.Name)],
            $"Text for training, router and test in KB: {string.Join("; ", group.Key.Users.Select(user => $"{user.Name} {Kilobytes(user.Train)}, {Kilobytes(user.Valid)}, {Kilobytes(user.Test)}"))}.{(group.Key.Rounds is { } rounds ? $" {rounds} rounds." : "")}",
            Compared([.. experiment.Methods.Select(method => Row(method.Name, [.. group.Where(cell => cell.Method == method)], finished))], experiment.Reference, group.Key.HasOneTest))),
    ];

    private static string Kilobytes(string text) => (Encoding.UTF8.GetByteCount(text) / 1000.0).ToString("0.#", CultureInfo.InvariantCulture);

    private static MethodRow Row(string name, IReadOnlyList<Cell> cells, IReadOnlyDictionary<string, CellResult> finished)
    {
        var done = cells.Select(cell => finished.GetValueOrDefault(cell.Key)).OfType<CellResult>().ToList();
        return new MethodRow(name, [.. done.Where(cell => cell.Problem is null)], cells.Count - done.Count, done.Count(cell => cell.Problem is not null));
    }

    private static IReadOnlyList<MethodRow> Compared(IReadOnlyList<MethodRow> rows, string reference, bool oneTest)
    {
        var against = rows.Single(row => row.Name == reference).Cells;
        var comparisons = rows.Select(row => row.Name == reference ? null : Comparison.Of(row.Cells, against, oneTest)).ToList();
        var adjusted = new Queue<double>(Holm.Adjust([.. comparisons.OfType<Comparison>().Select(comparison => comparison.PValue)]));
        return [.. rows.Zip(comparisons, (row, comparison) => row with { Comparison = comparison is null ? null : comparison with { Adjusted = adjusted.Dequeue() } })];
    }
}
