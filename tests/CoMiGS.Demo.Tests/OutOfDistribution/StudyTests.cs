using System.Text.Json;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Events;
using CoMiGS.Demo.Text;
using CoMiGS.Demo.Training;
using CoMiGS.OutOfDistribution;

namespace CoMiGS.Demo.Tests.OutOfDistribution;

public sealed class StudyTests : IDisposable
{
    private const string German = "Es war einmal ein König. ", French = "Il était une fois un roi. ";
    private static readonly BaseModelSettings Smallest = new() { Layers = 1, Width = 16, Heads = 2, Window = 32, BatchSize = 2, Steps = 3, WarmUpSteps = 1 };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Both_routers_are_measured_on_both_kinds_of_text()
    {
        WriteCorpus(withMixed: true);

        var result = await Run(seed: 1);

        result.Rows.Select(row => row.Name).Should().Equal("Local", "FedAvg", StudyResult.RouterOnOwn, StudyResult.RouterOnMixed);
        result.Rows.SelectMany(row => row.Own.Concat(row.Mixed)).Should().HaveCount(16).And.OnlyContain(value => value > 1 && value < 300);
        result.Rows[1].Mixed.Distinct().Should().ContainSingle("with FedAvg all devices hold one model");
        result.Rows[2].Mixed.Should().NotEqual(result.Rows[3].Mixed, "the routers learnt from different text");
        result.Rows.Select(row => row.GeneralistShare is null).Should().Equal(true, true, false, false);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_file_and_the_table_shows_its_figures()
    {
        WriteCorpus(withMixed: true);

        var result = await Run(seed: 2);

        StudyReport.Json(await Run(seed: 2)).Should().Be(StudyReport.Json(result));
        using var json = JsonDocument.Parse(StudyReport.Json(result));
        json.RootElement.GetProperty("methods")[3].GetProperty("own")[1].GetDouble().Should().Be(result.Rows[3].Own[1]);
        var table = StudyReport.Markdown(result);
        table.Should().ContainAll("| user0 | user1 | mean |", "mixed test text", $"| {result.Rows[3].Mixed.Average():0.000} |").And.NotContain(_folder.Path);
        table.Split('\n').Count(line => line.StartsWith("| Local", StringComparison.Ordinal)).Should().Be(2, "where nothing is routed there is no share");
    }

    [Fact]
    public async Task Missing_mixed_text_is_refused_before_any_training()
    {
        WriteCorpus(withMixed: false);

        var running = () => Run(seed: 1);

        await running.Should().ThrowAsync<DemoException>().WithMessage("--data: missing *valid_mixed.txt*test_mixed.txt*equal shares*");
    }

    [Fact]
    public void Text_of_the_sdk_is_mixed_in_equal_shares()
    {
        UserText[] users = [User("a", 10), User("b", 40)];

        var mixed = MixedText.Of(users);

        mixed.Valid.Count(c => c == 'a').Should().Be(5);
        mixed.Valid.Count(c => c == 'b').Should().Be(5);
        mixed.Test.Should().Be(mixed.Valid);

        static UserText User(string letter, int lines)
        {
            var text = string.Concat(Enumerable.Repeat(letter + "\n", lines));
            return new(letter, letter, text, text, text);
        }
    }

    [Fact]
    public async Task A_wrong_option_ends_with_2_and_a_message()
    {
        using var errors = new StringWriter();

        var code = await new StudyCommand((_, _) => throw new InvalidOperationException("nothing runs with wrong options")).InvokeAsync(["--rounds", "0"], errors);

        code.Should().Be(ExitCode.WrongInput);
        errors.ToString().Should().Contain("--rounds is 0, but must be from 1 to").And.Contain("--help");
    }

    public void Dispose() => _folder.Dispose();

    private Task<StudyResult> Run(int seed) => new Study(TimeProvider.System, Smallest).RunAsync(
        new DemoOptions { DataFolder = _folder.Path, Rounds = 1, Steps = 30, TrainKilobytes = [1], Seed = seed, Cache = _folder.Of("cache") },
        new Silence(),
        CancellationToken.None);

    private void WriteCorpus(bool withMixed)
    {
        foreach (var (user, text) in new[] { ("user0", German), ("user1", French) })
        {
            foreach (var split in new[] { "train", "valid", "test" })
            {
                _folder.WithFile(string.Concat(Enumerable.Repeat(text + "\n", 20)), user, $"{split}.txt");
            }
        }

        if (withMixed)
        {
            _folder.WithFile(string.Concat(Enumerable.Repeat(German + French, 10)), "ood", "valid_mixed.txt");
            _folder.WithFile(string.Concat(Enumerable.Repeat(French + German, 10)), "ood", "test_mixed.txt");
        }
    }

    private sealed class Silence : IProgress<DemoEvent>
    {
        public void Report(DemoEvent value)
        {
        }
    }
}
