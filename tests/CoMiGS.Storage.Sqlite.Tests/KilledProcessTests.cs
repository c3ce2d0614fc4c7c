using System.Diagnostics;
using System.Globalization;
using CoMiGS.Aggregation.ServerOptimizer;
using CoMiGS.Storage.TestKit;

namespace CoMiGS.Storage.Sqlite.Tests;

[Trait("Category", "Long")]
public sealed class KilledProcessTests
{
    private const int Killed = 128 + 9;

    [Fact]
    public async Task A_process_that_is_killed_again_and_again_comes_to_the_same_end()
    {
        using var folder = new TemporaryFolder();
        var undisturbed = KilledProgram.Text(await new KitFleet(() => new ServerOptimizerStrategy(ServerMethod.Adam)).LeadAsync(() => null));

        // Every process writes one or two records more than the last before it dies: the opening of a round, each update, its close.
        var kills = 0;
        for (var i = 0; ; i++)
        {
            var (exit, end) = Run(folder.File("runs.db"), 1 + (i % 2), i % 3 == 0 ? "before" : "after");
            if (exit == 0)
            {
                end.Should().Be(undisturbed);
                break;
            }

            exit.Should().Be(Killed);
            kills++;
            kills.Should().BeLessThan(100);
        }

        kills.Should().BeGreaterThan(5);
    }

    private static (int Exit, string End) Run(string file, int record, string when)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in new[] { "exec", typeof(KilledProgram).Assembly.Location, file, record.ToString(CultureInfo.InvariantCulture), when })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var end = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, end.Trim());
    }
}
