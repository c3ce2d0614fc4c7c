using CoMiGS.Validation;

namespace CoMiGS.Training;

/// <summary>How a device trains. The defaults are those of the paper's released code (docs/fidelity.md).</summary>
public sealed class BilevelOptions : ICheckedOptions
{
    /// <summary>Peak learning rate of the experts.</summary>
    /// <value>Default: 2e-3.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double LearningRate { get; set; } = 2e-3;

    /// <summary>Learning rate the cosine ends at.</summary>
    /// <value>Default: null, a tenth of <see cref="LearningRate"/>.</value>
    [Allowed(0)]
    public double? MinimumLearningRate { get; set; }

    /// <summary>Expert steps over which the cosine falls, T * K; 0 keeps the rate constant.</summary>
    /// <value>Default: null: rounds times local steps where a federation trains, otherwise 200, the paper's.</value>
    [Allowed(0)]
    public int? TotalSteps { get; set; }

    /// <summary>Constant learning rate of the router.</summary>
    /// <value>Default: null, that of the experts.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double? RouterLearningRate { get; set; }

    /// <summary>A router phase follows every so many expert steps, tau, counted over the whole run.</summary>
    /// <value>Default: 30.</value>
    [Allowed(1)]
    public int RouterEvery { get; set; } = 30;

    /// <summary>Router steps per phase, s.</summary>
    /// <value>Default: 10.</value>
    [Allowed(0)]
    public int RouterSteps { get; set; } = 10;

    /// <summary>Whether router and experts alternate or learn together.</summary>
    /// <value>Default: they alternate.</value>
    public RouterSchedule RouterSchedule { get; set; } = RouterSchedule.Alternating;

    /// <summary>AdamW's first moment decay.</summary>
    /// <value>Default: 0.9.</value>
    [Allowed(0, 1, ExclusiveMaximum = true)]
    public double Beta1 { get; set; } = 0.9;

    /// <summary>AdamW's second moment decay.</summary>
    /// <value>Default: 0.95.</value>
    [Allowed(0, 1, ExclusiveMaximum = true)]
    public double Beta2 { get; set; } = 0.95;

    /// <summary>AdamW's denominator term.</summary>
    /// <value>Default: 1e-8.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>AdamW's decoupled weight decay, on adapters and routers.</summary>
    /// <value>Default: 0.01.</value>
    [Allowed(0)]
    public double WeightDecay { get; set; } = 0.01;

    /// <summary>Before a step, the gradients of all its parameters together are scaled down to this norm if theirs is larger.</summary>
    /// <value>Default: null, they are taken as they are.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double? MaximumGradientNorm { get; set; }

    /// <summary>Windows per forward pass, B.</summary>
    /// <value>Default: 8.</value>
    [Allowed(1)]
    public int BatchSize { get; set; } = 8;

    /// <summary>Forward passes per optimizer step; the effective batch is this times <see cref="BatchSize"/>.</summary>
    /// <value>Default: 1.</value>
    [Allowed(1)]
    public int AccumulationSteps { get; set; } = 1;

    /// <summary>Tokens per window, T.</summary>
    /// <value>Default: 128.</value>
    [Allowed(1)]
    public int Window { get; set; } = 128;

    /// <summary>Seed of the order of the data and of what dropout drops.</summary>
    /// <value>Default: 42.</value>
    public long Seed { get; set; } = 42;

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations()
    {
        if (MinimumLearningRate > LearningRate)
        {
            yield return $"MinimumLearningRate is {MinimumLearningRate}, but LearningRate is {LearningRate}. Use a minimum no larger than the peak.";
        }
    }
}
