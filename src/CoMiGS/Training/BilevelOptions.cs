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

    /// <summary>Learning rate of the router, constant over the run unless <see cref="RouterRateFalls"/>.</summary>
    /// <value>Default: null, that of the experts.</value>
    [Allowed(0, ExclusiveMinimum = true)]
    public double? RouterLearningRate { get; set; }

    /// <summary>Whether the router's rate falls in proportion to that of the experts: at any time it is the same part of its peak, whenever the router's phases come.</summary>
    /// <value>Default: false, it is constant, as in the paper's released code.</value>
    public bool RouterRateFalls { get; set; }

    /// <summary>A router phase follows every so many expert steps, tau, counted over the whole run; for <see cref="RouterSchedule.Alternating"/>.</summary>
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

    /// <summary>Weight of the mixture's own loss in an expert step.</summary>
    /// <value>Default: 1. With 0 experts learn only alone, by the two weights below, and the router mixes what they have become.</value>
    [Allowed(0)]
    public double MixtureLoss { get; set; } = 1;

    /// <summary>Weight of the loss that the generalists have without the specialists, by their plain mean: so that they are of use by themselves. One forward pass more, of the generalists alone.</summary>
    /// <value>Default: 0, generalists learn only through the mixture, as in the paper.</value>
    [Allowed(0)]
    public double GeneralistLoss { get; set; }

    /// <summary>Weight of the loss that the specialists have without the generalists, by their plain mean. One forward pass more, of the specialists alone.</summary>
    /// <value>Default: 0, specialists learn only through the mixture, as in the paper.</value>
    [Allowed(0)]
    public double SpecialistLoss { get; set; }

    /// <summary>Expert steps at the start in which the generalists learn alone and no router learns; then every specialist begins as a copy of a generalist.</summary>
    /// <value>Default: 0, specialists learn from the start, from their own initial values.</value>
    [Allowed(0)]
    public int WarmUpSteps { get; set; }

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

        if (MixtureLoss + GeneralistLoss + SpecialistLoss == 0)
        {
            yield return "MixtureLoss, GeneralistLoss and SpecialistLoss are 0, so that nothing is learnt. Use a weight above 0 for at least one.";
        }

        if (MixtureLoss == 0 && RouterSchedule == RouterSchedule.Joint)
        {
            yield return "MixtureLoss is 0, but RouterSchedule is Joint, where the router learns from that loss alone. Use a MixtureLoss above 0, or another schedule.";
        }
    }
}
