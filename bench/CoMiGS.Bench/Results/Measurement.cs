using CoMiGS.Bench.Harness;

namespace CoMiGS.Bench.Results;

/// <summary>Repeated figures of one subject in one case.</summary>
/// <param name="Section">The part of the suite.</param>
/// <param name="Case">What was measured under: cells of a table, separated by <see cref="Separator"/>.</param>
/// <param name="Subject">What was measured.</param>
/// <param name="Blas">Name of the BLAS setting.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Values">One for each round; rounds of the same section, case and setting belong together.</param>
internal sealed record Measurement(string Section, string Case, string Subject, string Blas, string Unit, IReadOnlyList<double> Values)
{
    /// <summary>Between the cells of a case.</summary>
    public const string Separator = " | ";

    /// <summary>Unit of times.</summary>
    public const string Seconds = "s";

    /// <summary>Unit of memory.</summary>
    public const string Bytes = "bytes";

    /// <summary>Unit of figures without one.</summary>
    public const string Number = "1";

    /// <summary>Its statistics.</summary>
    public Sample Sample() => new(Values);
}
