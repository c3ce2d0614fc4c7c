using System.Globalization;
using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;

namespace CoMiGS.Bench.Coordination;

/// <summary>Peak resident memory of a coordinator that few and many updates go through, each in a process of its own.</summary>
internal sealed class CoordinatorMemorySection : Section
{
    /// <summary>Its name.</summary>
    public const string CoordinatorMemory = "coordinator-memory";

    /// <summary>All devices in one round, nothing written down.</summary>
    public const string OneRound = "one round, without a store";

    /// <summary>Round after round of ten devices, written to a SQLite file.</summary>
    public const string Rounds = "rounds of 10 devices, SQLite";

    private const string Peak = "peak", Seconds = "seconds";
    private const int RoundOf = 10, SmokeRoundOf = 2, SmokeDivisor = 25;

    private static readonly (string Name, bool Store, int Updates)[] Cases = [(OneRound, false, 100), (OneRound, false, 2000), (Rounds, true, 100), (Rounds, true, 1000)];

    /// <inheritdoc/>
    public override string Name => CoordinatorMemory;

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) =>
        !OperatingSystem.IsLinux() ? [] : Cases.Select(of => new Job(Name, CaseOf(of.Name, of.Updates), BlasSetting.Detected.Name, Seconds: 0, smoke)); // the peak is read from /proc

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var (_, store, all) = Cases.Single(of => CaseOf(of.Name, of.Updates) == job.Case);
        var updates = job.Smoke ? all / SmokeDivisor : all;
        var devices = store ? job.Smoke ? SmokeRoundOf : RoundOf : updates;
        var figures = CoordinatorMeasurement.InChild(new(updates, devices, store, job.Smoke));
        return [job.Of(Peak, Measurement.Bytes, [figures.PeakBytes]), job.Of(Seconds, Measurement.Seconds, [figures.Seconds / updates])];
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("", "updates", "peak MB", "/ fewest", "ms an update");
        foreach (var (name, _, updates) in Cases)
        {
            var of = CaseOf(name, updates);
            table.Add([
                name, Text.Thousands(updates), Text.Megabytes(results.Find(Name, of, Peak, BlasSetting.Detected.Name)?.Median), Text.Ratio(OverFewest(results, name, updates)),
                Text.Milliseconds(results.Find(Name, of, Seconds, BlasSetting.Detected.Name)?.Median),
            ]);
        }

        return table.ToString();
    }

    /// <summary>The peak of the most updates over that of the fewest; null where it was not measured.</summary>
    public static double? MostOverFewest(BenchResults results, string of) => OverFewest(results, of, Cases.Last(candidate => candidate.Name == of).Updates);

    private static double? OverFewest(BenchResults results, string of, int updates) =>
        results.Find(CoordinatorMemory, CaseOf(of, updates), Peak, BlasSetting.Detected.Name) is { } peak
        && results.Find(CoordinatorMemory, CaseOf(of, Cases.First(candidate => candidate.Name == of).Updates), Peak, BlasSetting.Detected.Name) is { } fewest
            ? peak.Over(fewest).Median
            : null;

    private static string CaseOf(string name, int updates) => string.Join(Measurement.Separator, name, updates.ToString(CultureInfo.InvariantCulture));
}
