using CoMiGS.Demo.Text;
using CoMiGS.Demo.Training;
using CoMiGS.Experiments.Configuration;
using CoMiGS.Experiments.Reports;
using CoMiGS.Experiments.Results;
using CoMiGS.Experiments.Running;
using CoMiGS.Training;

namespace CoMiGS.Demo.Tests.Experiments;

public sealed class ReportTests
{
    private const string Reference = "Ours";

    private static readonly DataSet[] Sets = [Set("wiki"), Set("<pages>")];

    private static readonly Experiment Small = new(
        "A | B", [], [new() { Name = "Alone", Aggregation = AggregationKind.None }, new() { Name = Reference }, new() { Name = "All", Generalists = 2, Specialists = [0] }],
        Reference, [1, 2, 3], new BudgetSpec(), new BaseModelSettings(), null);

    private static readonly Origin From = new("./build.sh experiments small", "0badcafe");

    private static readonly IReadOnlyList<Cell> Cells = Cell.All(Small, Sets, "base");

    [Fact]
    public void Every_cell_is_in_the_page_which_escapes_names_and_needs_no_network()
    {
        Cells.Should().HaveCount(18);
        HtmlPage.Of(Small, DataTable.Of(Small, Cells, Results()), From).Should().ContainAll(Cells.Select(cell => cell.Key)).And.Contain("&lt;pages&gt;").And.NotContain("<pages>").And.NotContain("http");
    }

    [Fact]
    public void The_markdown_is_a_section_that_says_where_its_figures_come_from()
    {
        var report = MarkdownReport.Of(Small, DataTable.Of(Small, Cells, Results()), From);

        report.Should().StartWith("## A \\| B").And.ContainAll("### wiki", "### &lt;pages>", "hash 0badcafe", "```\n./build.sh experiments small\n```", "Computed on: m.", "user0 0, 0, 0");
        report.Split('\n').Should().NotContain(line => line.StartsWith("# ", StringComparison.Ordinal), "the page that it goes into has a title");
    }

    [Fact]
    public void Curves_are_drawn_for_methods_whose_cells_kept_them()
    {
        var results = Results();
        results[Cells[1].Key] = With(results[Cells[1].Key], user => user with { Curve = [new(1, 3, 2.5), new(2, 2, 2.25)] });

        var page = HtmlPage.Of(Small, DataTable.Of(Small, Cells, results), From);

        page.Split("<polyline").Should().HaveCount(2, "one method of one data set has a curve");
        page.Should().ContainAll("Loss by round", "Ours: 2.250 after round 2", "curve reference");
        HtmlPage.Of(Small, DataTable.Of(Small, Cells, Results()), From).Should().NotContain("Loss by round");
    }

    [Fact]
    public void Passages_have_the_colours_of_experts_and_letters_of_several_bytes_one_colour()
    {
        var results = Results();
        results[Cells[1].Key] = With(results[Cells[1].Key], user => user with { Routing = new("a<é!", [new(1, 1, [0, 0, 0, 1, 1])]) });

        var page = HtmlPage.Of(Small, DataTable.Of(Small, Cells, results), From);

        page.Should().ContainAll(
            """<span class="g g-1" title="generalist 1">a&lt;</span><span class="s s-1" title="specialist 1">&#233;!</span>""",
            "Layer 1: generalists take 60% of the bytes",
            "Ours, seed 1");
        HtmlPage.Of(Small, DataTable.Of(Small, Cells, Results()), From).Should().NotContain("which expert each character takes");
    }

    [Fact]
    public void A_passage_names_the_router_that_it_shows_and_does_not_call_assigned_experts_specialists()
    {
        var results = Results();
        results[Cells[1].Key] = With(results[Cells[1].Key], user => user with { Routing = new("ab", [new(1, 1, [0, 2]) { Path = "h.0.attn.c_attn", IsAssigned = true }]) });

        HtmlPage.Of(Small, DataTable.Of(Small, Cells, results), From).Should().ContainAll("h.0.attn.c_attn: the shared expert takes 50% of the bytes", "assigned expert 2 of the device").And.NotContain("specialist 2");
    }

    [Fact]
    public void A_row_of_one_seed_has_no_deviation()
    {
        var results = Results();
        foreach (var cell in Cells.Where(cell => cell.Seed > 1))
        {
            results.Remove(cell.Key);
        }

        MarkdownReport.Of(Small, DataTable.Of(Small, Cells, results), From).Should().Contain("| Alone | 8.000 | 10.000 | 9.000 |");
    }

    [Fact]
    public void A_character_has_the_expert_of_most_of_its_bytes_and_of_equals_that_of_the_later()
    {
        CharacterExperts.Runs("aé€", [2, 0, 1, 1, 1, 3]).Should().Equal(("a", 2), ("é€", 1));
        CharacterExperts.Runs("é€", [0, 1, 2, 0, 2]).Should().Equal(("é", 1), ("€", 2));
        CharacterExperts.Runs("a€", [0, 1, 1]).Should().Equal([("a", 0)], "the last character lacks a byte");
    }

    [Fact]
    public void A_row_has_mean_and_deviation_over_the_seeds_and_the_test_against_the_reference()
    {
        var table = DataTable.Of(Small, Cells, Results())[0];

        // Alone has a mean of 9, 10 and 11 with seeds 1 to 3, the reference a tenth less for every user.
        MarkdownReport.Of(Small, [table], From).Should().Contain("| Alone | 9.000 ± 1.000 | 11.000 ± 1.000 | 10.000 ± 1.000 |");
        table.Rows[0].Comparison!.Ratio.Should().BeApproximately((1 / 0.9) - 1, 1e-9);
        table.Rows[0].Comparison!.Pairs.Should().Be(6);
        table.Rows[0].Comparison!.PValue.Should().Be(2.0 / 64);
        table.Rows[0].Comparison!.Adjusted.Should().Be(4.0 / 64);
        table.Rows[1].Comparison.Should().BeNull();
        table.Rows[2].Comparison!.PValue.Should().Be(1, "All has the reference's figures");
    }

    [Fact]
    public void Cells_that_are_missing_or_diverged_are_counted_and_no_part_of_a_mean()
    {
        var results = Results();
        results.Remove(Cells[0].Key);
        results[Cells[3].Key] = results[Cells[3].Key] with { Problem = "the loss is NaN", Users = [] };

        var row = DataTable.Of(Small, Cells, results)[0].Rows[0];

        (row.Cells.Count, row.Missing, row.Diverged).Should().Be((1, 1, 1));
        row.Mean!.Mean.Should().Be(11, "seed 3 alone is left");
        MarkdownReport.Of(Small, DataTable.Of(Small, Cells, results), From).Should().Contain("1, 1 diverged, 1 not finished");
    }

    [Fact]
    public void A_report_of_nothing_is_a_report()
    {
        var tables = DataTable.Of(Small, Cells, new Dictionary<string, CellResult>());

        MarkdownReport.Of(Small, tables, From).Should().Contain("0, 3 not finished");
        HtmlPage.Of(Small, tables, From).Should().Contain("</html>").And.NotContain("<svg");
    }

    private static Dictionary<string, CellResult> Results() => Cells.ToDictionary(cell => cell.Key, Result, StringComparer.Ordinal);

    private static CellResult Result(Cell cell)
    {
        var factor = cell.Method.Name == "Alone" ? 1 : 0.9;
        var figures = new[] { 7.0, 9.0 }.Select(user => factor * (user + cell.Seed)).ToList();
        return new CellResult(cell.Key, cell.Data.Name, cell.Method.Name, cell.Seed, [new("user0", figures[0], figures[0]), new("user1", figures[1], figures[1])], 2_000, 3, 100, null, "m");
    }

    [Fact]
    public void Users_who_are_tested_on_one_text_are_one_pair_a_seed()
    {
        DataSet[] sets = [new("mixed", [User("user0", "all"), User("user1", "all")], "mixed")];
        var cells = Cell.All(Small, sets, "base");

        var comparison = DataTable.Of(Small, cells, cells.ToDictionary(cell => cell.Key, Result))[0].Rows[0].Comparison!;

        comparison.Pairs.Should().Be(3);
        comparison.PValue.Should().Be(2.0 / 8);
        comparison.Ratio.Should().BeApproximately((1 / 0.9) - 1, 1e-9);
    }

    [Fact]
    public void What_differs_from_the_budget_is_said_above_the_tables()
    {
        var experiment = Small with { Methods = [.. Small.Methods.Select(method => method.Name == "All" ? method with { StepFactor = 3 } : method with { Router = true, Schedule = RouterSchedule.Joint })] };
        DataSet[] sets = [Set("wiki") with { Rounds = 20 }];
        var cells = Cell.All(experiment, sets, "base");

        MarkdownReport.Of(experiment, DataTable.Of(experiment, cells, cells.ToDictionary(cell => cell.Key, Result)), From)
            .Should().ContainAll("Alone: routers learn in every step.", "All: 30 steps a round.", "user1 0, 0, 0. 20 rounds.");
    }

    private static CellResult With(CellResult cell, Func<UserResult, UserResult> change) => cell with { Users = [.. cell.Users.Select(change)] };

    private static DataSet Set(string name) => new(name, [User("user0"), User("user1")], name);

    private static UserText User(string name, string? test = null) => new(name, "", "a", "b", test ?? name);
}
