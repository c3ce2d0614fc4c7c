namespace CoMiGS.Transport;

/// <summary>The device is in a round; this is what to do.</summary>
/// <param name="Run">The run.</param>
/// <param name="Round">The round, counted from 1.</param>
/// <param name="Rounds">How many rounds the run has: with <paramref name="LocalSteps"/> the horizon of a schedule.</param>
/// <param name="Version">The version of the shared parameters to start from; 0 when there is none yet, and every device draws them from <paramref name="InitialSeed"/>.</param>
/// <param name="InitialSeed">The seed from which all devices draw the same first shared parameters.</param>
/// <param name="LocalSteps">How many steps to train before uploading.</param>
/// <param name="Shared">What this device is to share: names, types and shapes in their order.</param>
/// <param name="BaseFingerprint">The base model of the run.</param>
/// <param name="Deadline">When the round may close without this device; none when the round waits for all of its devices.</param>
public sealed record RoundPlan(
    string Run,
    int Round,
    int Rounds,
    long Version,
    long InitialSeed,
    int LocalSteps,
    IReadOnlyList<TensorSpec> Shared,
    string BaseFingerprint,
    DateTimeOffset? Deadline) : CheckInReply
{
    /// <summary>The type in which shared parameters are to travel, up and down; float32 is taken all the same.</summary>
    /// <value>Default: float32.</value>
    public TensorType SendAs { get; init; }
}
