using CoMiGS.Bench.Results;
using CoMiGS.Bench.Targets;

namespace CoMiGS.Bench.Reports;

/// <summary>The page of all benchmarks: the tables between their markers are generated, the rest is written by hand.</summary>
internal static class Page
{
    /// <summary>Marker of what was measured on.</summary>
    public const string Machine = "machine";

    /// <summary>Marker of the targets.</summary>
    public const string Targets = "targets";

    /// <summary>The page with the tables of these results; a section that was not measured keeps the table it has, and a target the row.</summary>
    public static string Fill(string page, BenchResults results)
    {
        page = Markers.Replace(page, Machine, $"{results.Machine}; OpenBLAS kernels: {string.Join(", ", results.Kernels.Select(kernel => $"{kernel.Key} {(kernel.Value.Length == 0 ? "none, another BLAS" : kernel.Value)}"))}.");
        page = Markers.Replace(page, Targets, Merge(Markers.Find(page, Targets), TargetTable.Table(results)));
        return Suite.Sections.Where(section => results.Of(section.Name).Any()).Aggregate(page, (text, section) => Markers.Replace(text, section.Name, section.Table(results)));
    }

    // A row is known by its first two fields: the target and the setting of the BLAS.
    private static string Merge(string old, string table)
    {
        var known = old.Split('\n').GroupBy(Key).ToDictionary(rows => rows.Key, rows => rows.First(), StringComparer.Ordinal);
        return string.Join('\n', table.Split('\n').Select(row => row.Contains(TargetRow.Unknown, StringComparison.Ordinal) ? known.GetValueOrDefault(Key(row), row) : row));
    }

    private static string Key(string row) => string.Join('|', row.Split('|').Take(3));
}
