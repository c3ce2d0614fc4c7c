using CoMiGS.Validation;

namespace CoMiGS.Aggregation.FsLora;

/// <summary>The coordinator's side of FSLoRA.</summary>
public sealed class FsLoraOptions : ICheckedOptions
{
    /// <summary>Rank r of the coordinator's adapters; every device's rank k is at most that.</summary>
    /// <value>Default: 64, as in the released code.</value>
    [Allowed(1, 65536)]
    public int Rank { get; set; } = 64;

    /// <summary>The coordinator's optimizer.</summary>
    /// <value>Default: plain steps.</value>
    public FsLoraServer Server { get; set; } = FsLoraServer.Sgd;

    /// <summary>Its step size.</summary>
    /// <value>Default: null, which is 1 for plain steps and 0.001 for Adam.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double? LearningRate { get; set; }

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations() => [];
}
