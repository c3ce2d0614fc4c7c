using System.Text;
using System.Text.Json;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Experiments;
using CoMiGS.Experiments.Results;
using CoMiGS.Experiments.Running;

namespace CoMiGS.Demo.Tests.Experiments;

public sealed class ExperimentRunTests : IDisposable
{
    private const string Three = """["local", "fedavg", "comigs"]""";

    private readonly TinyExperiment _tiny = new();

    [Fact]
    public async Task Every_cell_is_measured_for_every_user_and_reported()
    {
        _tiny.ConfigWith("""["centralized", "local", "fedavg", "pcl", "comigs"]""");

        await _tiny.RunAsync("a");

        using var lines = JsonDocument.Parse($"[{string.Join(',', _tiny.Lines("a"))}]");
        lines.RootElement.GetArrayLength().Should().Be(10);
        foreach (var line in lines.RootElement.EnumerateArray())
        {
            line.GetProperty("users").EnumerateArray().Select(user => user.GetProperty("name").GetString()).Should().Equal("user0", "user1");
            line.GetProperty("users").EnumerateArray().Should().OnlyContain(user => user.GetProperty("perplexity").GetDouble() > 1 && user.GetProperty("afterLocalSteps").GetDouble() > 1);
        }

        Bytes("Centralized").Should().Be(0);
        Bytes("Local").Should().Be(0);
        Bytes("CoMiGS 1G1S").Should().BePositive().And.BeLessThan(Bytes("FedAvg"), "only one of two experts travels");
        Bytes("PCL").Should().BeGreaterThan(Bytes("FedAvg"), "every device gets the adapters of all");
        File.ReadAllText(Path.Combine(_tiny.Out("a"), ExperimentProgram.Markdown)).Should().ContainAll("| Centralized |", "2 rounds of 2 steps", "| 2 |");
        File.ReadAllText(Path.Combine(_tiny.Out("a"), ExperimentProgram.Page)).Should().Contain("Tales &amp; kings");

        long Bytes(string method) => lines.RootElement.EnumerateArray().First(line => line.GetProperty("method").GetString() == method).GetProperty("bytesPerRound").GetInt64();
    }

    [Fact]
    public async Task A_cell_keeps_every_users_losses_by_round_and_where_routers_send_a_passage()
    {
        _tiny.ConfigWith("""["centralized", { "method": "comigs", "num_experts": [2, 3] }]""", seeds: "[1]", rounds: 3);

        await _tiny.RunAsync("f");

        using var results = ResultsFile.Open(Path.Combine(_tiny.Out("f"), ExperimentProgram.Results));
        var (centralized, comigs) = (results.Finished.Values.First(), results.Finished.Values.Last());
        centralized.Users.Concat(comigs.Users).Should().OnlyContain(user => user.Curve!.Select(point => point.Round).SequenceEqual(new[] { 1, 2, 3 }) && user.Curve!.All(point => point.HeldOut > 0));
        comigs.Users.Select(user => Math.Exp(user.Curve![^1].HeldOut!.Value)).Should().Equal(comigs.Users.Select(user => user.Perplexity), (curve, test) => Math.Abs(curve - test) < 1e-3, "the test texts are shorter than what is looked at after each round");
        centralized.Users.Should().OnlyContain(user => user.Routing == null, "it has no router");
        foreach (var (user, experts) in comigs.Users.Zip([2, 3]))
        {
            var layer = user.Routing!.Layers.Should().ContainSingle("the model has one").Subject;
            user.Routing.Text.Should().StartWith(user.Name == "user0" ? "Es war einmal ein König." : "Il était");
            layer.Top.Should().HaveCount(Encoding.UTF8.GetByteCount(user.Routing.Text)).And.OnlyContain(expert => expert < experts);
            (layer.Layer, layer.Generalists).Should().Be((1, 1));
        }
    }

    [Fact]
    public async Task Finished_cells_are_not_run_again_and_changed_ones_are()
    {
        _tiny.ConfigWith(Three);
        await _tiny.RunAsync("b");
        var first = _tiny.Lines("b");

        var again = await _tiny.RunAsync("b");
        _tiny.ConfigWith("""["local", { "method": "fedavg", "name": "everything shared" }, { "method": "comigs", "r": 4 }]""");
        var changed = await _tiny.RunAsync("b");

        again.OfType<CellDone>().Should().BeEmpty();
        changed.OfType<CellDone>().Select(done => done.Cell.Method.Name).Should().Equal("CoMiGS 1G1S", "CoMiGS 1G1S");
        _tiny.Lines("b").Take(first.Length).Should().Equal(first, "finished cells stay as they are");
        File.ReadAllText(Path.Combine(_tiny.Out("b"), ExperimentProgram.Markdown)).Should().Contain("everything shared").And.NotContain("not finished");
    }

    [Fact]
    public async Task A_cell_that_another_experiment_has_is_taken_over_under_its_own_names()
    {
        _tiny.ConfigWith("""["local", "comigs"]""", seeds: "[1]");
        await _tiny.RunAsync("theirs");
        Directory.Delete(_tiny.Cache, recursive: true);
        _tiny.ConfigWith("""[{ "method": "local", "name": "alone" }, { "method": "comigs" }]""", seeds: "[1]");

        await _tiny.RunAsync("ours");

        _tiny.Lines("ours").Should().Equal(_tiny.Lines("theirs").Select(line => line.Replace("\"method\":\"Local\"", "\"method\":\"alone\"", StringComparison.Ordinal)));
        Directory.Exists(_tiny.Cache).Should().BeFalse("nothing was trained, not even a base model");
    }

    [Fact]
    public async Task A_page_gets_the_tables_of_what_is_finished_into_its_place_and_nothing_is_computed()
    {
        _tiny.ConfigWith("""["local", "comigs"]""", seeds: "[1]");
        await _tiny.RunAsync("i");
        _tiny.ConfigWith("""["local", "comigs"]""");
        var page = Path.Combine(_tiny.Folder, "results.md");
        File.WriteAllText(page, "# Results\n\n<!-- table: config -->\nold\n<!-- end: config -->\n\nBy hand.\n");

        var events = await _tiny.RunAsync("i", page, reportOnly: true);

        events.OfType<CellDone>().Should().BeEmpty();
        File.ReadAllText(page).Should().StartWith("# Results\n\n<!-- table: config -->\n\n## Tales & kings\n").And.Contain("1, 1 not finished").And.EndWith("\n\n<!-- end: config -->\n\nBy hand.\n").And.NotContain("old");
    }

    [Fact]
    public async Task A_page_without_a_place_for_the_experiment_is_an_error_that_says_what_to_put_there()
    {
        _tiny.ConfigWith("""["local", "comigs"]""", seeds: "[1]");
        var page = Path.Combine(_tiny.Folder, "empty.md");
        File.WriteAllText(page, "# Results\n");

        var running = () => _tiny.RunAsync("j", page, reportOnly: true);

        await running.Should().ThrowAsync<DemoException>().WithMessage("*empty.md has no line '<!-- table: config -->' with a line '<!-- end: config -->' after it*");
        File.ReadAllText(page).Should().Be("# Results\n");
    }

    [Fact]
    public async Task A_page_is_looked_for_before_anything_is_computed_and_stays_as_it_is_while_nothing_is_finished()
    {
        _tiny.ConfigWith("""["local", "comigs"]""", seeds: "[1]");
        var page = Path.Combine(_tiny.Folder, "page.md");
        const string Old = "<!-- table: config -->\nold\n<!-- end: config -->\n";

        await FluentActions.Awaiting(() => _tiny.RunAsync("k", page)).Should().ThrowAsync<DemoException>().WithMessage("--page: there is no file *");
        File.WriteAllText(page, Old);
        await FluentActions.Awaiting(() => _tiny.RunAsync("k", page, reportOnly: true)).Should().ThrowAsync<DemoException>().WithMessage("--page: no cell of config is finished*");
        await FluentActions.Awaiting(() => _tiny.RunAsync("k", page, smoke: true)).Should().ThrowAsync<DemoException>().WithMessage("--page is for tables, but the figures of --smoke mean nothing*");

        File.ReadAllText(page).Should().Be(Old);
        Directory.Exists(_tiny.Cache).Should().BeFalse();
    }

    [Fact]
    public async Task A_warm_up_as_long_as_the_run_is_refused_before_any_training()
    {
        _tiny.ConfigWith("""["comigs", { "method": "comigs", "name": "late", "warm_up_rounds": 2 }]""");

        await FluentActions.Awaiting(() => _tiny.RunAsync("m")).Should().ThrowAsync<DemoException>().WithMessage("late: warm_up_rounds is 2, but tales has 2 rounds*");
    }

    [Fact]
    public async Task What_shares_nothing_is_the_same_before_and_after_the_last_synchronisation()
    {
        _tiny.ConfigWith("""["local", "comigs"]""", seeds: "[1]");

        await _tiny.RunAsync("h");

        using var results = ResultsFile.Open(Path.Combine(_tiny.Out("h"), ExperimentProgram.Results));
        var (local, shared) = (results.Finished.Values.First(), results.Finished.Values.Last());
        local.Users.Should().OnlyContain(user => user.Perplexity == user.AfterLocalSteps);
        local.Users.Select(user => Math.Exp(user.Curve![^1].HeldOut!.Value)).Should().Equal(local.Users.Select(user => user.Perplexity), (curve, test) => Math.Abs(curve - test) < 1e-3);
        shared.Users.Should().OnlyContain(user => user.Perplexity != user.AfterLocalSteps);
        local.ProcessorSeconds.Should().BePositive();
    }

    [Fact]
    public async Task The_same_cell_gives_the_same_figures()
    {
        _tiny.ConfigWith(Three, seeds: "[7]");

        await _tiny.RunAsync("c");
        await _tiny.RunAsync("d");

        Figures("d").Should().Equal(Figures("c"));

        IEnumerable<string> Figures(string name) => _tiny.Lines(name).Select(line => line[..line.IndexOf("\"seconds\"", StringComparison.Ordinal)]);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task Gradients_that_leak_change_the_figures_as_soon_as_the_router_has_had_a_phase(int rounds, bool same)
    {
        _tiny.ConfigWith("""["comigs", { "method": "comigs", "name": "leaky", "gradient_leak": true }]""", seeds: "[1]", rounds, localSteps: 1);

        await _tiny.RunAsync("g");

        using var results = ResultsFile.Open(Path.Combine(_tiny.Out("g"), ExperimentProgram.Results));
        var (clean, leaky) = (results.Finished.Values.First(), results.Finished.Values.Last());
        leaky.Problem.Should().BeNull();
        leaky.BytesPerRound.Should().Be(clean.BytesPerRound);
        leaky.Users.Select(user => user.Perplexity).SequenceEqual(clean.Users.Select(user => user.Perplexity)).Should().Be(same, "the router learns after every second step, and what leaks is trained with then");
    }

    [Fact]
    public async Task Lists_that_do_not_fit_the_users_are_refused_before_any_training()
    {
        _tiny.ConfigWith("""["comigs", { "method": "comigs", "name": "three", "specialists": [1, 2, 3] }]""");

        var running = () => _tiny.RunAsync("e");

        await running.Should().ThrowAsync<DemoException>().WithMessage("three: specialists has 3 numbers, but tales has 2 users*");
        Directory.Exists(_tiny.Cache).Should().BeFalse();
    }

    [Fact]
    public async Task Too_few_users_for_an_aggregation_are_refused_before_any_training()
    {
        _tiny.ConfigWith("""["comigs", "krum", "trimmed_mean", { "method": "trimmed_mean", "name": "guarded", "liars": 1 }]""");

        var running = () => _tiny.RunAsync("i");

        (await running.Should().ThrowAsync<DemoException>()).Which.Message.Should()
            .ContainAll("Krum: Krum needs 3 devices or more where liars is 0, but tales has 2 users", "guarded: TrimmedMean needs 3 devices or more where liars is 1")
            .And.NotContain("Trimmed mean:", "among two devices it bears nobody");
        Directory.Exists(_tiny.Cache).Should().BeFalse();
    }

    [Fact]
    public async Task What_a_strategy_is_told_changes_its_figures()
    {
        _tiny.ConfigWith(
            """
            [
              "comigs", "fedavg", "fedavgm", "fedadam", "fedyogi",
              { "method": "fedadam", "name": "FedAdam, faster", "server_lr": 0.1 },
              { "method": "fedprox", "proximal": 1 },
              { "method": "norm_clipping", "clip_norm": 0.01 },
              { "method": "hetlora", "r": [4, 2] },
              { "method": "hetlora", "name": "HetLoRA, divided by all", "r": [4, 2], "hetlora_divisor": "all_devices" },
              { "method": "hetlora", "name": "HetLoRA, by samples", "r": [4, 2], "hetlora_weights": "samples" }
            ]
            """,
            seeds: "[1]");

        await _tiny.RunAsync("j");

        using var results = ResultsFile.Open(Path.Combine(_tiny.Out("j"), ExperimentProgram.Results));
        results.Finished.Values.Should().HaveCount(11).And.OnlyContain(cell => cell.Problem == null);
        results.Finished.Values.Select(cell => cell.Mean).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_command_without_a_configuration_ends_with_2_and_a_message()
    {
        using var errors = new StringWriter();

        var code = await new ExperimentCommand((_, _) => throw new InvalidOperationException("nothing runs with wrong options")).InvokeAsync(["run", "--smoke"], errors);

        code.Should().Be(ExitCode.WrongInput);
        errors.ToString().Should().Contain("--config");
    }

    public void Dispose() => _tiny.Dispose();
}
