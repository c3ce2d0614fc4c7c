using System.Diagnostics;

namespace CoMiGS.Demo.Tests.Experiments;

public sealed class KillTests : IDisposable
{
    private const int Cells = 6;

    private readonly TinyExperiment _tiny = new();

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_killed_run_goes_on_without_losing_or_repeating_a_cell()
    {
        _tiny.ConfigWith("""["local", "fedavg", "comigs"]""", rounds: 5, localSteps: 10);

        using (var killed = Start("killed"))
        {
            await Task.Factory.StartNew(() => KillAfter(killed, $"2/{Cells} "), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        var before = _tiny.Lines("killed");
        using var resumed = Start("killed");
        var output = await resumed.StandardOutput.ReadToEndAsync();
        await resumed.WaitForExitAsync();

        resumed.ExitCode.Should().Be(0);
        before.Length.Should().BeInRange(2, Cells - 1, "it was killed in the middle");
        output.Should().Contain($"of {Cells} cells are finished already").And.NotContain($"1/{Cells} ");
        _tiny.Lines("killed").Take(2).Should().Equal(before.Take(2));
        await _tiny.RunAsync("whole");
        Figures("killed").Should().Equal(Figures("whole"));
    }

    public void Dispose() => _tiny.Dispose();

    // Key, names and figures, without times; a line that the kill cut off is none.
    private IEnumerable<string> Figures(string name) =>
        _tiny.Lines(name).Where(line => line.EndsWith('}')).Select(line => line[..line.IndexOf("\"seconds\"", StringComparison.Ordinal)]).Order(StringComparer.Ordinal);

    private Process Start(string name) => Process.Start(new ProcessStartInfo(
        "dotnet",
        [Path.Combine(AppContext.BaseDirectory, "CoMiGS.Experiments.dll"), "run", "--config", _tiny.Config, "--data", _tiny.Folder, "--out", _tiny.Out(name), "--cache", _tiny.Cache])
    {
        RedirectStandardOutput = true,
    })!;

    // On one thread, which is its own: a continuation could wait for one of the pool's while the process goes on to its end.
    private static void KillAfter(Process process, string start)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                return;
            }
        }

        throw new InvalidOperationException($"The process ended before it wrote '{start}'.");
    }
}
