using System.Globalization;
using System.Security.Cryptography;
using CoMiGS.Parameters;
using CoMiGS.Training;
using Xunit.Abstractions;

namespace CoMiGS.Tests.Training;

[Trait("Category", "Long")]
public sealed class KilledProcessTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 30;
    private const int Steps = 600;
    private const int Threads = 2;
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    [Theory]
    [InlineData(RouterSchedule.Alternating, 0, 2)]
    [InlineData(RouterSchedule.Alternating, 0.1, 1)]
    [InlineData(RouterSchedule.Joint, 0.1, 3)]
    public void A_process_killed_thirty_times_and_resumed_ends_with_the_adapters_of_one_left_in_peace(RouterSchedule schedule, double dropout, int every)
    {
        var seed = Environment.GetEnvironmentVariable("COMIGS_TEST_SEED") is { } given ? long.Parse(given, CultureInfo.InvariantCulture) : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"The moments follow from seed {seed}; COMIGS_TEST_SEED={seed} repeats them.");
        var random = new SeededRandom(seed);
        var (quiet, killed) = (Path.Combine(_folder, "quiet.bin"), Path.Combine(_folder, "killed.bin"));
        using (var undisturbed = Start("-", quiet))
        {
            undisturbed.End().Should().Be(0);
        }

        var states = Path.Combine(_folder, "states");
        var duringSave = 0;

        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = Start(states, killed);
            Run(process, lines: 1 + random.NextInt64(14), milliseconds: 25 * random.NextDouble());
            process.Kill();
            File.Exists(killed).Should().BeFalse("it was killed before the end");
            duringSave += Directory.Exists(states) && Directory.GetDirectories(states, "*.tmp").Length > 0 ? 1 : 0;
        }

        using var last = Start(states, killed);
        var ready = last.NextLine();
        output.WriteLine($"Killed {Kills} times, {duringSave} of them during a save; the last process: {ready} of {Steps}.");
        ready.Should().NotBe("ready 0", "the processes before it got somewhere");
        last.End().Should().Be(0);
        File.ReadAllBytes(killed).Should().Equal(File.ReadAllBytes(quiet));

        TrainingProcess Start(string folder, string adapters) => new(folder, adapters, Steps, every, schedule, dropout, Threads);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Some steps, and then some part of the next ones: a step with its save takes a few milliseconds. The thread that reads is the one that kills: a continuation could wait for a free
    /// thread of the pool while the process runs to its end.
    /// </summary>
    private static void Run(TrainingProcess process, long lines, double milliseconds)
    {
        for (var i = 0; i < lines; i++)
        {
            process.NextLine().Should().NotBeNull($"it ran on until it was killed, but after {i} lines it ended by itself");
        }

        process.RunOn(TimeSpan.FromMilliseconds(milliseconds));
    }
}
