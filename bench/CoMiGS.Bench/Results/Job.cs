using CoMiGS.Bench.Harness;

namespace CoMiGS.Bench.Results;

/// <summary>What one child process measures.</summary>
/// <param name="Section">The part of the suite.</param>
/// <param name="Case">What to measure, in the section's own words.</param>
/// <param name="Blas">Name of the BLAS setting.</param>
/// <param name="Seconds">About how long it may take.</param>
/// <param name="Smoke">Small sizes, once each: only to see that everything runs.</param>
internal sealed record Job(string Section, string Case, string Blas, double Seconds, bool Smoke)
{
    /// <summary>Times subjects in turn.</summary>
    /// <param name="subjects">What is timed.</param>
    /// <param name="of">Cells of the case. Default: the job's.</param>
    /// <param name="warmUp">Seconds of warming up, one round at least. Default: 0.</param>
    /// <param name="fewest">Rounds that are made whatever they take. Below the default the subjects are warm already.</param>
    public IReadOnlyList<Measurement> Time(IReadOnlyList<Subject> subjects, string? of = null, double warmUp = 0, int fewest = Interleaved.FewestRounds) =>
        [.. subjects.Zip(Interleaved.Seconds(subjects, TimeSpan.FromSeconds(Seconds), TimeSpan.FromSeconds(warmUp), Smoke, fewest), (subject, seconds) => Of(subject.Name, Measurement.Seconds, seconds, of))];

    /// <summary>A measurement of this job.</summary>
    /// <param name="subject">What was measured.</param>
    /// <param name="unit">Of the values.</param>
    /// <param name="values">One for each round.</param>
    /// <param name="of">Cells of the case. Default: the job's.</param>
    public Measurement Of(string subject, string unit, IReadOnlyList<double> values, string? of = null) => new(Section, of ?? Case, subject, Blas, unit, values);
}
