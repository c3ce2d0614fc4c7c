namespace CoMiGS.Aggregation;

/// <summary>Says how updates combine. Every strategy's folder extends it, and so do packages with strategies of their own.</summary>
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

    /// <summary>A strategy with options; both fresh for every run.</summary>
    /// <typeparam name="TOptions">Its options.</typeparam>
    /// <param name="configure">Changes the defaults; null leaves them.</param>
    /// <param name="strategy">Makes the strategy, and refuses options that break a rule.</param>
    public AggregationBuilder Use<TOptions>(Action<TOptions>? configure, Func<TOptions, IAggregationStrategy> strategy)
        where TOptions : new()
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return Use(_ =>
        {
            var options = new TOptions();
            configure?.Invoke(options);
            return strategy(options);
        });
    }

    /// <summary>The mean weighted by sample counts.</summary>
    public AggregationBuilder WeightedMean() => Use(_ => new WeightedMean());

    /// <summary>The plain mean, as in the paper's released code.</summary>
    public AggregationBuilder UniformMean() => Use(_ => new UniformMean());

    /// <summary>Nothing is shared: every device learns alone, in step with the others.</summary>
    public AggregationBuilder None() => Use(_ => new NoAggregation());
}
