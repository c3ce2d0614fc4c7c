namespace CoMiGS.Transport;

/// <summary>What a device uploads at the end of its local steps.</summary>
/// <param name="Run">The run.</param>
/// <param name="Round">The round whose plan it followed.</param>
/// <param name="Device">Who sends it.</param>
/// <param name="Attempt">Counted from 1 for each round and device; repeats of one attempt count once.</param>
/// <param name="BaseFingerprint">The fingerprint of the frozen base model it trained on.</param>
/// <param name="Samples">The size of its training data: its weight in a weighted mean.</param>
/// <param name="Tensors">The shared parameters after training, as the plan lists them, in float32 or the type that it asks for.</param>
/// <param name="Metrics">Figures about the training, by the names of <see cref="UpdateMetrics"/> or others; never text or content.</param>
public sealed record ExpertUpdate(
    string Run,
    int Round,
    string Device,
    int Attempt,
    string BaseFingerprint,
    long Samples,
    TensorSet Tensors,
    IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>What the numbers are.</summary>
    /// <value>Default: the values themselves.</value>
    public UpdateContent Content { get; init; }
}
