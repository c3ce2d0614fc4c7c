namespace CoMiGS.Demo.Results;

/// <summary>A sentence with, for every character and layer, how much of the output came from the generalist.</summary>
/// <param name="Characters">The sentence, character by character.</param>
/// <param name="GeneralistWeight">Layer by layer, the generalist's routing weight (0 to 1) for each character; the rest went to specialists.</param>
public sealed record ColouredText(IReadOnlyList<string> Characters, IReadOnlyList<IReadOnlyList<double>> GeneralistWeight);
