using CoMiGS.Validation;

namespace CoMiGS.Federation.Methods;

/// <summary>What a device of FedAMoLE measures its embeddings on. The defaults are those of the paper's released code.</summary>
public sealed class AssignedExpertsOptions : ICheckedOptions
{
    /// <summary>Share of the training split's windows that embeddings are measured on, spread evenly over the split.</summary>
    /// <value>Default: 0.05.</value>
    [Allowed(0, 1, ExclusiveMinimum = true)]
    public double EmbeddingShare { get; set; } = 0.05;

    /// <summary>The most windows that embeddings are measured on; there is always one.</summary>
    /// <value>Default: 200.</value>
    [Allowed(1)]
    public int MostEmbeddingWindows { get; set; } = 200;

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations() => [];
}
