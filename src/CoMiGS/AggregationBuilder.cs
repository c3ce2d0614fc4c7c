using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Aggregation.PeerTrust;

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

    /// <summary>FlexLoRA: devices of any rank; the mean of their effective updates, cut to each device's rank by its singular values.</summary>
    /// <param name="configure">Says how devices are weighed. Default: by samples.</param>
    public AggregationBuilder FlexLora(Action<FlexLoraOptions>? configure = null) => Use(_ => new FlexLoraStrategy(Configured(configure)));

    /// <summary>HetLoRA: devices of any rank; factors filled up with zeros, weighted by the norm of their update, and truncated to each device's rank.</summary>
    /// <param name="configure">Says how devices are weighed, and by what rows are divided.</param>
    public AggregationBuilder HetLora(Action<HetLoraOptions>? configure = null) => Use(_ => new HetLoraStrategy(Configured(configure)));

    /// <summary>PCL, strategy 2: every device gets the adapters of all and mixes them by its own trust. Devices call <see cref="DeviceBuilder.UsePeerTrust"/>.</summary>
    /// <param name="configure">Says after which rounds they mix. Default: after every one.</param>
    public AggregationBuilder PeerTrust(Action<PeerTrustOptions>? configure = null) => Use(_ => new PeerTrustStrategy(Configured(configure)));

    private static TOptions Configured<TOptions>(Action<TOptions>? configure)
        where TOptions : new()
    {
        var options = new TOptions();
        configure?.Invoke(options);
        return options;
    }
}
