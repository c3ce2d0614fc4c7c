using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Screen;
using CoMiGS.FineTune;
using CoMiGS.Models;
using Spectre.Console;

namespace CoMiGS.Demo.Tests.FineTune;

public sealed class FineTuneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _printed = new();

    private FineTuneOptions Options => new()
    {
        Model = Path.Combine(_folder.Path, "model"),
        Data = Path.Combine(_folder.Path, "data"),
        Output = Path.Combine(_folder.Path, "out"),
        Prompt = "the tree ",
        Steps = 40,
        Window = 32,
        Batch = 4,
        Tokens = 20,
        LearningRate = 1e-2,
        Threads = 1,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checkpoint_learns_the_text_and_its_experts_are_saved(bool llama)
    {
        TinyCheckpoint.Write(Options.Model, llama);
        WriteText(paragraphs: 120);

        var result = Run(Options);

        result.After.Should().BeLessThan(0.7 * result.Before).And.BeGreaterThan(1);
        result.TextAfter.Should().NotBe(result.TextBefore);
        _printed.ToString().Should().ContainAll("Loading: 100%", "Training: 100% step 40/40", "perplexity of the test text", "Before: ", "After: ", $"{result.After:0.00}");
        using var again = Pretrained.Load(Options.Model).AddExperts(new() { Generalists = 1, Specialists = 1, Rank = 8 });
        again.Load(result.Adapters);
    }

    [Fact]
    public void The_same_seed_gives_the_same_figures_and_texts()
    {
        TinyCheckpoint.Write(Options.Model, llama: true);
        WriteText(paragraphs: 120);
        var options = Options with { Steps = 5, Prompt = null };

        var result = Run(options);

        result.Prompt.Should().StartWith("the ");
        Run(options).Should().Be(result);
    }

    [Fact]
    public void A_paragraph_stays_in_its_split_when_files_are_added()
    {
        WriteText(paragraphs: 40);
        var before = TextFolder.Read(Options.Data);
        File.WriteAllText(Path.Combine(Options.Data, "another.txt"), "Quite another text.\r\n\r\nWith two paragraphs.");

        var after = TextFolder.Read(Options.Data);

        (before.Train.Length + before.Valid.Length + before.Test.Length).Should().BeGreaterThan(0);
        after.Train.Should().EndWith(before.Train);
        after.Valid.Should().EndWith(before.Valid);
        after.Test.Should().EndWith(before.Test);
        string.Concat(after.Train, after.Valid, after.Test).Should().Contain("Quite another text.").And.Contain("With two paragraphs.").And.NotContain("\r");
    }

    [Fact]
    public void Text_that_is_missing_empty_or_short_is_refused_with_what_to_do()
    {
        this.Invoking(t => t.Run(Options)).Should().Throw<DemoException>().WithMessage("--data: there is no folder*");
        Directory.CreateDirectory(Options.Data);
        this.Invoking(t => t.Run(Options)).Should().Throw<DemoException>().WithMessage("*holds no ?.txt*");
        File.WriteAllText(Path.Combine(Options.Data, "a.txt"), " \n\n ");
        this.Invoking(t => t.Run(Options)).Should().Throw<DemoException>().WithMessage("*are empty*");
        File.WriteAllText(Path.Combine(Options.Data, "a.txt"), "Little.");
        TinyCheckpoint.Write(Options.Model, llama: false);
        this.Invoking(t => t.Run(Options)).Should().Throw<DemoException>().WithMessage("*too little text*train split*valid split*test split has*at least 33*");
    }

    [Fact]
    public void Text_that_is_not_UTF8_is_refused_by_the_name_of_its_file()
    {
        WriteText(paragraphs: 40);
        File.WriteAllBytes(Path.Combine(Options.Data, "umlauts.txt"), [.. "Gr"u8, 0xFC, .. "n"u8]);

        this.Invoking(t => t.Run(Options)).Should().Throw<DemoException>().WithMessage("--data: *umlauts.txt is not in UTF-8. Convert it*");
    }

    [Fact]
    public void Without_a_prompt_the_beginning_of_the_test_text_is_cut_to_what_the_model_reads()
    {
        TinyCheckpoint.Write(Options.Model, llama: false);
        Directory.CreateDirectory(Options.Data);
        File.WriteAllText(Path.Combine(Options.Data, "words.txt"), string.Join("\n\n", Enumerable.Range(0, 60).Select(i => $"{new string('w', 300)}{i}")));

        Run(Options with { Prompt = null, Steps = 1 }).Prompt.Should().Be(new string('w', 32));
    }

    [Fact]
    public void A_place_where_adapters_cannot_be_saved_is_found_before_training()
    {
        TinyCheckpoint.Write(Options.Model, llama: false);
        WriteText(paragraphs: 120);
        Directory.CreateDirectory(Options.Output);
        var probe = Path.Combine(Options.Output, $".room-{Environment.ProcessId}");

        Run(Options with { Steps = 1 });
        Directory.EnumerateFileSystemEntries(Options.Output).Select(Path.GetFileName).Should().Equal("adapters");
        _printed.GetStringBuilder().Clear();
        File.WriteAllText(probe, "in the way");
        this.Invoking(t => t.Run(Options)).Should().Throw<DemoException>().WithMessage("--output: the adapters cannot be saved in*is a file*");
        _printed.ToString().Should().NotContain("Training");
    }

    [Fact]
    public void A_folder_without_a_checkpoint_is_refused()
    {
        WriteText(paragraphs: 40);
        this.Invoking(t => t.Run(Options)).Should().Throw<DemoException>().WithMessage("--model: there is no folder*Nothing is downloaded*");
        Directory.CreateDirectory(Options.Model);
        this.Invoking(t => t.Run(Options)).Should().Throw<DemoException>().WithMessage("--model:*");
        TinyCheckpoint.WriteTokenizer(Options.Model);
        this.Invoking(t => t.Run(Options)).Should().Throw<DemoException>().WithMessage("--model:*config.json*");
    }

    [Fact]
    public async Task Options_are_read_and_wrong_ones_end_with_2_and_a_message()
    {
        FineTuneOptions? read = null;
        var command = new FineTuneCommand((options, _) =>
        {
            read = options;
            return Task.FromResult(ExitCode.Done);
        });
        using var errors = new StringWriter();

        (await command.InvokeAsync(["--model", "m", "--data", "d", "--steps", "7", "--rate", "0.002", "--prompt", "Es war"], errors)).Should().Be(ExitCode.Done);
        read.Should().Be(new FineTuneOptions { Model = "m", Data = "d", Steps = 7, LearningRate = 0.002, Prompt = "Es war" });
        (await command.InvokeAsync(["--data", "d", "--steps", "0", "--rate", "3"], errors)).Should().Be(ExitCode.WrongInput);
        errors.ToString().Should().ContainAll("--model", "--steps is 0", "--rate is 3");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _printed.Dispose();
    }

    private FineTuneResult Run(FineTuneOptions options)
    {
        var console = Screens.Console(redirected: true);
        console.Profile.Out = new AnsiConsoleOutput(_printed);
        console.Profile.Width = 200;
        return FineTuneProgram.Run(options, new FineTuneScreen(console, redirected: true), CancellationToken.None);
    }

    private void WriteText(int paragraphs)
    {
        string[] nouns = ["tree", "river", "stone", "cloud", "bird"], verbs = ["sees", "follows", "holds", "hears"];
        var random = new CoMiGS.Parameters.SeededRandom(3);
        Directory.CreateDirectory(Options.Data);
        File.WriteAllText(
            Path.Combine(Options.Data, "text.txt"),
            string.Join("\n\n", Enumerable.Range(0, paragraphs).Select(i => $"the {Pick(nouns)} {Pick(verbs)} the {Pick(nouns)} number {i}. the {Pick(nouns)} {Pick(verbs)} the {Pick(nouns)}.")));

        string Pick(string[] words) => words[random.NextInt64(words.Length)];
    }
}
