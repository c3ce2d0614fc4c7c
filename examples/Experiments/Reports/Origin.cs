namespace CoMiGS.Experiments.Reports;

/// <summary>Where the figures of a report come from.</summary>
/// <param name="Command">What makes them again.</param>
/// <param name="BaseKey">The hash of the base model's text and settings.</param>
public sealed record Origin(string Command, string BaseKey);
