using CoMiGS.Validation;

namespace CoMiGS.Aggregation.FdLora;

/// <summary>The coordinator's side of FDLoRA.</summary>
public sealed class FdLoraOptions : ICheckedOptions
{
    /// <summary>The step size eta of the outer optimizer.</summary>
    /// <value>Default: 1.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double LearningRate { get; set; } = 1;

    /// <summary>Its momentum, beta; Nesterov's.</summary>
    /// <value>Default: 0.5.</value>
    [Allowed(0, 1, ExclusiveMaximum = true)]
    public double Momentum { get; set; } = 0.5;

    /// <summary>How much a device counts in the mean.</summary>
    /// <value>Default: the same as every other.</value>
    public UpdateWeights Weights { get; set; } = UpdateWeights.Uniform;

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations() => [];
}
