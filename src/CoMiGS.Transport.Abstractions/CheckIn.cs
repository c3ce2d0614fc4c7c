namespace CoMiGS.Transport;

/// <summary>A device says that it is ready for the next round, and what it would share.</summary>
/// <param name="Run">The run it wants to take part in.</param>
/// <param name="Device">Its name, unique within the run.</param>
/// <param name="BaseFingerprint">The fingerprint of its frozen base model.</param>
/// <param name="Shared">Names, types and shapes of the parameters it shares, in their order; where ranks differ, every device has shapes of its own.</param>
/// <param name="Samples">The size of its training data: its weight in a weighted mean.</param>
/// <param name="ProtocolVersion">What it speaks: <see cref="ProtocolVersion.Current"/>.</param>
public sealed record CheckIn(
    string Run,
    string Device,
    string BaseFingerprint,
    IReadOnlyList<TensorSpec> Shared,
    long Samples,
    int ProtocolVersion)
{
    /// <summary>Which of the shared parameters are factors of one low-rank update, and at what scale.</summary>
    /// <value>Default: none, every tensor stands for itself.</value>
    public IReadOnlyList<AdapterPair> Adapters { get; init; } = [];

    /// <summary>What the device can do besides training, by the names that strategies ask for.</summary>
    /// <value>Default: nothing.</value>
    public IReadOnlyList<string> Abilities { get; init; } = [];
}
