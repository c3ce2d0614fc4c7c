namespace CoMiGS.Demo.Results;

/// <summary>What one method reached. The lists have an entry per device, in the order of <see cref="DemoResult.Devices"/>.</summary>
/// <param name="Kind">The method.</param>
/// <param name="Perplexity">Test perplexity after the last synchronisation.</param>
/// <param name="AfterLocalSteps">Test perplexity after the last local steps, before that synchronisation.</param>
/// <param name="BytesPerRound">What all devices together send and receive in one round.</param>
/// <param name="Curves">Losses round by round.</param>
public sealed record MethodResult(
    MethodKind Kind,
    IReadOnlyList<double> Perplexity,
    IReadOnlyList<double> AfterLocalSteps,
    long BytesPerRound,
    IReadOnlyList<IReadOnlyList<CurvePoint>> Curves)
{
    /// <summary>The method's name in tables and files.</summary>
    public string Name => Kind.ToString();

    /// <summary>The mean of <see cref="Perplexity"/> over the devices.</summary>
    public double Mean => Perplexity.Average();

    /// <summary>The mean of <see cref="AfterLocalSteps"/> over the devices.</summary>
    public double MeanAfterLocalSteps => AfterLocalSteps.Average();
}
