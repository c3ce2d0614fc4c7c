using CoMiGS.Experiments.Results;
using CoMiGS.Experiments.Statistics;

namespace CoMiGS.Experiments.Reports;

/// <summary>A method on a data set, over its seeds.</summary>
/// <param name="Name">The method.</param>
/// <param name="Cells">The finished cells without those that diverged.</param>
/// <param name="Missing">Seeds that are not finished yet.</param>
/// <param name="Diverged">Seeds whose training diverged.</param>
public sealed record MethodRow(string Name, IReadOnlyList<CellResult> Cells, int Missing, int Diverged)
{
    /// <summary>The test against the reference, or null for the reference itself and where there are no pairs.</summary>
    public Comparison? Comparison { get; init; }

    /// <summary>A figure of every cell.</summary>
    public Sample? Over(Func<CellResult, double> figure) => Sample.Of([.. Cells.Select(figure)]);

    /// <summary>The perplexity of a user, counted from 0.</summary>
    public Sample? OfUser(int user) => Over(cell => cell.Users[user].Perplexity);

    /// <summary>Mean perplexity over the users.</summary>
    public Sample? Mean => Over(cell => cell.Mean);

    /// <summary>Seconds of all cores together, of the cells that know them.</summary>
    public Sample? Processor => Sample.Of([.. Cells.Select(cell => cell.ProcessorSeconds).OfType<double>()]);

    /// <summary>The peak memory, of the cells that know it.</summary>
    public Sample? Peak => Sample.Of([.. Cells.Select(cell => cell.PeakMegabytes).OfType<double>()]);
}
