using CoMiGS.Demo.Events;
using CoMiGS.Demo.Results;
using CoMiGS.Demo.Screen;
using Spectre.Console;

namespace CoMiGS.Demo.Tests.Screen;

public sealed class ScreensTests
{
    [Fact]
    public async Task Redirected_output_is_plain_lines_without_control_characters()
    {
        using var text = new StringWriter();
        var (screen, result) = Screens.For(ConsoleOver(text), redirected: true);

        await screen.WatchAsync(ReportEverything);
        result.Show(SampleResult.Create(), "/output");

        var output = text.ToString();
        output.Where(char.IsControl).Should().OnlyContain(character => character == '\n' || character == '\r');
        output.Should().ContainAll("base model: step 100/100", "CoMiGS: round 1/20", "CoMiGS: mean test perplexity 8.510", "| cli", "*7.670", "mean before the last synchronisation", "8.586", "8.425", "bytes per round", "layer 3 78%", "/output");
    }

    [Fact]
    public async Task A_round_is_one_line_however_many_devices_report_it()
    {
        using var text = new StringWriter();
        var (screen, _) = Screens.For(ConsoleOver(text), redirected: true);

        await screen.WatchAsync(ReportEverything);

        text.ToString().Split('\n').Count(line => line.StartsWith("CoMiGS: round", StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public async Task A_terminal_shows_bars_with_what_was_reported()
    {
        using var text = new StringWriter();
        var (screen, result) = Screens.For(ConsoleOver(text, ansi: true), redirected: false);

        await screen.WatchAsync(ReportEverything);
        result.Show(SampleResult.Create(), "/output");

        text.ToString().Should().ContainAll("Base model", "Local", "FedAvg", "mean test perplexity 8.510", "\u001b[");
    }

    [Fact]
    public async Task What_the_work_throws_comes_out_unchanged()
    {
        using var text = new StringWriter();
        var (screen, _) = Screens.For(ConsoleOver(text, ansi: true), redirected: false);

        var watching = () => screen.WatchAsync<int>(_ => throw new DemoException("out of text"));

        await watching.Should().ThrowAsync<DemoException>().WithMessage("out of text");
    }

    private static Task<int> ReportEverything(IProgress<DemoEvent> progress)
    {
        progress.Report(new TextReady("four colleagues", SampleResult.Create().Devices));
        progress.Report(new BaseModelStep(100, 100, 2.5, 30_000));
        progress.Report(new BaseModelReady("small", FromCache: false, Note: null));
        foreach (var (device, index) in new[] { "cli", "fsharp", "analyzers", "nuget" }.Select((device, index) => (device, index)))
        {
            progress.Report(new DeviceStep(MethodKind.CoMiGS, device, 1, 20, index + 1, 800, 2.25, 9_000));
        }

        progress.Report(new MethodDone(MethodKind.CoMiGS, 8.51));
        return Task.FromResult(0);
    }

    private static IAnsiConsole ConsoleOver(TextWriter writer, bool ansi = false)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = ansi ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors,
            Interactive = ansi ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 160;
        return console;
    }
}
