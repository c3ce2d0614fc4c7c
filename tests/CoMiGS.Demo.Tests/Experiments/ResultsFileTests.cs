using CoMiGS.Experiments.Results;

namespace CoMiGS.Demo.Tests.Experiments;

public sealed class ResultsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Name => _folder.Of("results.jsonl");

    [Fact]
    public void What_was_appended_is_there_when_the_file_is_opened_again()
    {
        Append(Result("a"), Result("b") with { PeakMegabytes = null, Problem = "diverged", Users = [] });

        using var file = ResultsFile.Open(Name);

        file.Finished.Keys.Should().Equal("a", "b");
        file.Finished["a"].Should().BeEquivalentTo(Result("a"));
        file.Finished["b"].Problem.Should().Be("diverged");
        file.UnreadableLines.Should().Be(0);
    }

    [Fact]
    public void Lines_of_an_earlier_version_have_no_curves_and_are_valid()
    {
        File.WriteAllText(Name, """
            {"key":"a","data":"wiki","method":"FedAvg","seed":1,"users":[{"name":"user0","perplexity":7.25,"afterLocalSteps":7.5}],"bytesPerRound":1000,"seconds":12.5,"peakMegabytes":null,"problem":null,"machine":"m"}

            """);

        using var file = ResultsFile.Open(Name);

        file.UnreadableLines.Should().Be(0);
        file.Finished["a"].Users.Should().Equal(new UserResult("user0", 7.25, 7.5));
    }

    [Fact]
    public void Results_of_the_folders_beside_are_found_by_key_while_their_run_goes_on()
    {
        _folder.WithFile("no cell\n", "ours", "results.jsonl");
        Directory.CreateDirectory(_folder.Of("theirs"));
        using var running = ResultsFile.Open(_folder.Of("theirs", "results.jsonl"));
        var others = new OtherResults(_folder.Of("ours"), "results.jsonl");

        others.Find("a").Should().BeNull();
        running.Append(Result("a"));

        others.Find("a").Should().BeEquivalentTo(Result("a"));
        new OtherResults(_folder.Of("theirs") + Path.DirectorySeparatorChar, "results.jsonl").Find("a").Should().BeNull("its own file is not another's");
    }

    [Fact]
    public void Curves_and_routes_are_there_when_the_file_is_opened_again()
    {
        var kept = Result("a") with
        {
            Users = [new("user0", 7.25, 7.5) { Curve = [new(1, 2.5, null), new(2, 2.25, 2.125)], Routing = new("né", [new(1, 1, [0, 1, 1]), new(3, 1, [2, 0, 0])]) }],
        };
        Append(kept);

        using var file = ResultsFile.Open(Name);

        file.Finished["a"].Should().BeEquivalentTo(kept, options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_line_that_was_cut_off_is_passed_over_and_costs_no_other()
    {
        Append(Result("a"), Result("b"));
        var whole = File.ReadAllText(Name);
        for (var length = whole.Length - 1; length > whole.IndexOf('\n', StringComparison.Ordinal) + 1; length -= 7)
        {
            File.WriteAllText(Name, whole[..length]);

            Append(Result("c"));

            using var file = ResultsFile.Open(Name);
            file.Finished.Keys.Should().Contain(["a", "c"]);
            file.UnreadableLines.Should().Be(length == whole.Length - 1 ? 0 : 1, "only the line feed was missing, or more");
        }
    }

    [Fact]
    public void Two_runs_cannot_write_to_one_file()
    {
        using var first = ResultsFile.Open(Name);

        var opening = () => ResultsFile.Open(Name);

        opening.Should().Throw<DemoException>().WithMessage("Cannot open *other run*");
    }

    [Fact]
    public void A_user_is_finite_if_all_figures_and_the_whole_curve_are_numbers()
    {
        var user = Result("a").Users[0] with { Curve = [new(1, 2, null), new(2, 1.5, 1.75)] };

        user.IsFinite.Should().BeTrue();
        (user with { Perplexity = double.NaN }).IsFinite.Should().BeFalse();
        (user with { AfterLocalSteps = double.PositiveInfinity }).IsFinite.Should().BeFalse();
        (user with { Curve = [new(1, 2, null), new(2, 1.5, double.NaN)] }).IsFinite.Should().BeFalse("a line of JSON holds no such number");
    }

    public void Dispose() => _folder.Dispose();

    private static CellResult Result(string key) => new(key, "wiki", "FedAvg", 1, [new("user0", 7.25, 7.5), new("user1", 9, 1.0 / 3)], 1000, 12.5, 400, null, "a machine");

    private void Append(params CellResult[] results)
    {
        using var file = ResultsFile.Open(Name);
        foreach (var result in results)
        {
            file.Append(result);
        }
    }
}
