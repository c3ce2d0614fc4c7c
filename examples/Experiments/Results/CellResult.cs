using CoMiGS.Demo.Results;

namespace CoMiGS.Experiments.Results;

/// <summary>What one cell came to: a line of <c>results.jsonl</c>.</summary>
/// <param name="Key">The cell's key; two cells with one key are the same computation.</param>
/// <param name="Data">The data set's name at that time.</param>
/// <param name="Method">The method's name at that time.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Users">Perplexities; empty if the training diverged.</param>
/// <param name="BytesPerRound">What all devices sent and received in a round, on average.</param>
/// <param name="Seconds">From composing the devices to the last figure.</param>
/// <param name="PeakMegabytes">Largest resident memory of the process during the cell in MiB, the base model included; null where the system does not say.</param>
/// <param name="Problem">Why there are no perplexities, or null.</param>
/// <param name="Machine">The machine in a few words.</param>
public sealed record CellResult(
    string Key, string Data, string Method, int Seed, IReadOnlyList<UserResult> Users, long BytesPerRound, double Seconds, double? PeakMegabytes, string? Problem, string Machine)
{
    /// <summary>What all cores spent on it together, in seconds, or null in a line of an earlier version: unlike <see cref="Seconds"/> it hardly depends on threads and on other work of the machine.</summary>
    public double? ProcessorSeconds { get; init; }

    /// <summary>The mean of the users' perplexities after the last synchronisation.</summary>
    public double Mean => Users.Average(user => user.Perplexity);

    /// <summary>The mean of the users' perplexities after the last local steps.</summary>
    public double MeanAfterLocalSteps => Users.Average(user => user.AfterLocalSteps);
}

/// <summary>What one user got.</summary>
/// <param name="Name">The user.</param>
/// <param name="Perplexity">Per byte over the whole test text, after the last synchronisation.</param>
/// <param name="AfterLocalSteps">The same after the last local steps, before that synchronisation.</param>
public sealed record UserResult(string Name, double Perplexity, double AfterLocalSteps)
{
    /// <summary>The losses round by round, or null in a line of an earlier version.</summary>
    public IReadOnlyList<CurvePoint>? Curve { get; init; }

    /// <summary>Where the routers send the beginning of the test text, or null without routers and in a line of an earlier version.</summary>
    public RoutedPassage? Routing { get; init; }

    /// <summary>Whether all figures are numbers.</summary>
    public bool IsFinite => double.IsFinite(Perplexity) && double.IsFinite(AfterLocalSteps) && (Curve ?? []).All(point => double.IsFinite(point.Train) && double.IsFinite(point.HeldOut ?? 0));
}
