using System.Globalization;

namespace CoMiGS.Experiments.Reports;

/// <summary>Every finished cell in a line, so that a reader can compute again what the tables say.</summary>
internal static class CellList
{
    public static IReadOnlyList<string> Header { get; } = ["Data", "Method", "seed", "perplexities", "after local steps", "bytes per round", "seconds", "processor seconds", "peak MiB", "machine", "key"];

    public static IEnumerable<IReadOnlyList<string>> Lines(IReadOnlyList<DataTable> tables) =>
        from table in tables
        from row in table.Rows
        from cell in row.Cells
        select (IReadOnlyList<string>)
        [
            table.Name,
            row.Name,
            $"{cell.Seed}",
            string.Join(", ", cell.Users.Select(user => $"{user.Name} {TextTable.Number(user.Perplexity, "0.0000")}")),
            string.Join(", ", cell.Users.Select(user => $"{user.Name} {TextTable.Number(user.AfterLocalSteps, "0.0000")}")),
            cell.BytesPerRound.ToString("#,0", CultureInfo.InvariantCulture),
            TextTable.Number(cell.Seconds, "0.0"),
            TextTable.Number(cell.ProcessorSeconds, "0.0"),
            TextTable.Number(cell.PeakMegabytes, "0"),
            cell.Machine,
            cell.Key,
        ];
}
