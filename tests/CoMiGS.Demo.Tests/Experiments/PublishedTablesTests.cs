using CoMiGS.Demo.Text;
using CoMiGS.Experiments.Configuration;
using CoMiGS.Experiments.Reports;
using CoMiGS.Experiments.Results;
using CoMiGS.Experiments.Running;

namespace CoMiGS.Demo.Tests.Experiments;

/// <summary>What docs/results.md says is what the figures beside it come to.</summary>
public sealed class PublishedTablesTests
{
    private static readonly string Page = File.ReadAllText(PathOf("results.md"));

    public static TheoryData<string> Tables => new(Directory.GetFiles(PathOf("results"), "*.jsonl").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Tables))]
    public void Every_row_of_a_published_table_follows_from_its_figures(string name)
    {
        var experiment = ConfigReader.Read(Path.Combine(AppContext.BaseDirectory, "configs", $"{name}.json"), ".");
        var results = ResultsFile.Read(PathOf(Path.Combine("results", $"{name}.jsonl"))).ToList();
        var cells = Cell.All(experiment, [.. experiment.Data.Select(data => Set(data, results))], "base");
        var finished = cells.ToDictionary(cell => cell.Key, cell => results.Single(result => (result.Data, result.Method, result.Seed) == (cell.Data.Name, cell.Method.Name, cell.Seed)));

        var rows = Rows(MarkdownReport.Of(experiment, DataTable.Of(experiment, cells, finished), new Origin("", ""))).ToList();

        rows.Should().HaveCountGreaterThanOrEqualTo(experiment.Data.Count * experiment.Methods.Count);
        Rows(Section(name)).Should().Equal(rows);
        results.Should().HaveCount(cells.Count, "every figure is in a table");
    }

    private static string Section(string name)
    {
        var from = Page[Page.IndexOf($"<!-- table: {name} -->", StringComparison.Ordinal)..];
        return from[..from.IndexOf($"<!-- end: {name} -->", StringComparison.Ordinal)];
    }

    private static IEnumerable<string> Rows(string markdown) => markdown.Split('\n').Where(line => line.StartsWith('|')).Select(line => line.TrimEnd());

    /// <summary>The users' names stand for their text, which is not here.</summary>
    private static DataSet Set(DataSpec data, IEnumerable<CellResult> results) => new(
        data.Name,
        [.. results.First(result => result.Data == data.Name).Users.Select(user => new UserText(user.Name, "", "a", "b", data.Mixed ? "one" : user.Name))],
        data.Name,
        data.Rounds);

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "docs", file);
}
