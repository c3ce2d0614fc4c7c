using System.Diagnostics;

namespace CoMiGS.Bench.Harness;

/// <summary>Times several subjects in turn, round after round and there and back: what disturbs the machine for a while disturbs all of them, and none always finds the caches that another has left.</summary>
internal static class Interleaved
{
    /// <summary>Enough for a median.</summary>
    public const int FewestRounds = 3;

    private const int MostRounds = 40;

    /// <summary>Warms the subjects up, then makes rounds for about as long as <paramref name="budget"/>.</summary>
    /// <param name="subjects">What is timed.</param>
    /// <param name="budget">Time for all, the warm-up included.</param>
    /// <param name="warmUp">How long to warm up, one round at least: until the runtime has compiled for good what runs for days elsewhere.</param>
    /// <param name="once">One round only, to see that everything runs.</param>
    /// <param name="fewest">Rounds that are made whatever they take; below <see cref="FewestRounds"/> none is spent on warming up.</param>
    /// <returns>Seconds of every round, in the order of the subjects.</returns>
    public static IReadOnlyList<double[]> Seconds(IReadOnlyList<Subject> subjects, TimeSpan budget, TimeSpan warmUp, bool once, int fewest = FewestRounds)
    {
        var whole = Stopwatch.StartNew();
        if (!once && fewest >= FewestRounds)
        {
            do
            {
                Round(subjects, 0);
            }
            while (whole.Elapsed < warmUp);
        }

        List<double[]> rounds = [];
        do
        {
            rounds.Add(Round(subjects, rounds.Count));
        }
        while (!once && rounds.Count < MostRounds && (rounds.Count < fewest || whole.Elapsed + TimeSpan.FromSeconds(rounds[^1].Sum()) < budget));
        return [.. subjects.Select((_, s) => rounds.Select(round => round[s]).ToArray())];
    }

    private static double[] Round(IReadOnlyList<Subject> subjects, int number)
    {
        var seconds = new double[subjects.Count];
        for (var i = 0; i < subjects.Count; i++)
        {
            var s = number % 2 == 0 ? i : subjects.Count - 1 - i;
            var clock = Stopwatch.StartNew();
            subjects[s].Run();
            seconds[s] = clock.Elapsed.TotalSeconds;
        }

        return seconds;
    }
}
