namespace CoMiGS.Demo.Results;

/// <summary>Where the router of one device sent the tokens of the test text.</summary>
/// <param name="ExpertShare">Layer by layer, the share of tokens whose strongest expert is expert j; the generalist is expert 0.</param>
/// <param name="Sentence">One sentence of the test text, coloured.</param>
public sealed record DeviceRouting(IReadOnlyList<IReadOnlyList<double>> ExpertShare, ColouredText Sentence)
{
    /// <summary>Layer by layer, the share of the generalist.</summary>
    public IReadOnlyList<double> GeneralistShare => [.. ExpertShare.Select(layer => layer[0])];
}
