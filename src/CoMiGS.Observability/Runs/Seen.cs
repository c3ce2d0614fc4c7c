namespace CoMiGS.Observability.Runs;

/// <summary>What a viewer has seen.</summary>
/// <param name="Version">The version of the history.</param>
/// <param name="Head">The serial number of where the run stood.</param>
internal sealed record Seen(long Version, long Head);
