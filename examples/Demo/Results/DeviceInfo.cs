namespace CoMiGS.Demo.Results;

/// <summary>A device as the report shows it.</summary>
/// <param name="Name">Short and unique.</param>
/// <param name="About">What its user writes about.</param>
/// <param name="TrainBytes">Tokens to learn from.</param>
/// <param name="ValidBytes">Tokens for the router.</param>
/// <param name="TestBytes">Tokens that the perplexity is measured on.</param>
/// <param name="Specialists">Specialist experts beside the one generalist.</param>
public sealed record DeviceInfo(string Name, string About, int TrainBytes, int ValidBytes, int TestBytes, int Specialists);
