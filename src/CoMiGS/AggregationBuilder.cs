using CoMiGS.Aggregation;

namespace CoMiGS;

/// <summary>Says how updates combine. Packages with strategies extend it.</summary>
public sealed class AggregationBuilder
{
    internal Func<IServiceProvider, IAggregationStrategy>? Factory { get; private set; }

    /// <summary>A strategy of your own; a fresh one for every run.</summary>
    /// <param name="factory">Makes the strategy.</param>
    public AggregationBuilder Use(Func<IServiceProvider, IAggregationStrategy> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Factory = factory;
        return this;
    }

    /// <summary>The mean weighted by sample counts.</summary>
    public AggregationBuilder WeightedMean() => Use(_ => new WeightedMean());

    /// <summary>The plain mean, as in the paper's released code.</summary>
    public AggregationBuilder UniformMean() => Use(_ => new UniformMean());

    /// <summary>Nothing is shared: every device learns alone, in step with the others.</summary>
    public AggregationBuilder None() => Use(_ => new NoAggregation());
}
