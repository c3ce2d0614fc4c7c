using CoMiGS.Validation;

namespace CoMiGS.Aggregation.ServerOptimizer;

/// <summary>The coordinator's optimizer.</summary>
public sealed class ServerOptimizerOptions : ICheckedOptions
{
    /// <summary>The step size eta.</summary>
    /// <value>Default: null, which is 1 for FedAvgM and 0.01 for FedAdam and FedYogi.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double? LearningRate { get; set; }

    /// <summary>Momentum, beta1.</summary>
    /// <value>Default: 0.9.</value>
    [Allowed(0, 1, ExclusiveMaximum = true)]
    public double Beta1 { get; set; } = 0.9;

    /// <summary>Whether FedAvgM looks ahead, as Nesterov's momentum does: <c>theta += eta (delta + beta1 m)</c>.</summary>
    /// <value>Default: no.</value>
    public bool Nesterov { get; set; }

    /// <summary>Decay of the squares, beta2.</summary>
    /// <value>Default: 0.99.</value>
    [Allowed(0, 1, ExclusiveMaximum = true)]
    public double Beta2 { get; set; } = 0.99;

    /// <summary>Degree of adaptivity tau: the smaller, the more alike all steps are.</summary>
    /// <value>Default: 0.001.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double Tau { get; set; } = 1e-3;

    /// <summary>How much a device counts in the mean.</summary>
    /// <value>Default: by its sample count.</value>
    public UpdateWeights Weights { get; set; } = UpdateWeights.Samples;

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations() => [];
}
