using CoMiGS.Bench.Results;

namespace CoMiGS.Bench;

/// <summary>A part of the suite: what it measures, and the table of it.</summary>
internal abstract class Section
{
    /// <summary>Its name, on the command line and in the markers of the page.</summary>
    public abstract string Name { get; }

    /// <summary>Variables that its child processes need.</summary>
    public virtual IReadOnlyList<(string Name, string Value)> Environment => [];

    /// <summary>What the child processes measure, in order.</summary>
    /// <param name="smoke">Small sizes, once each.</param>
    public abstract IEnumerable<Job> Jobs(bool smoke);

    /// <summary>Measures, in a process of its own.</summary>
    public abstract IEnumerable<Measurement> Measure(Job job);

    /// <summary>The table, in Markdown.</summary>
    public abstract string Table(BenchResults results);
}
