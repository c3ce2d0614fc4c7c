namespace CoMiGS.Observability.Runs;

/// <summary>What a viewer has seen.</summary>
/// <param name="Version">The version of the history.</param>
/// <param name="Head">Where the run stood.</param>
internal sealed record Seen(long Version, LiveHead Head);
