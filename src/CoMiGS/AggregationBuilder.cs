using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FdLora;
using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Aggregation.FsLora;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Aggregation.OneFactor;
using CoMiGS.Aggregation.PeerTrust;
using CoMiGS.Aggregation.Robust;
using CoMiGS.Aggregation.ServerOptimizer;

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

    /// <summary>FSLoRA: devices of any rank train random rows of the coordinator's adapters, others in every round. Devices scale by alpha / r and call <see cref="DeviceBuilder.UseFreshMoments"/>.</summary>
    /// <param name="configure">Says the coordinator's rank and optimizer.</param>
    public AggregationBuilder FsLora(Action<FsLoraOptions>? configure = null) => Use(_ => new FsLoraStrategy(Configured(configure)));

    /// <summary>FedAMoLE: a shared expert, and experts that the coordinator assigns to the devices that they suit, anew in every round. Devices call <see cref="DeviceBuilder.UseFedAmole"/>.</summary>
    /// <param name="configure">Says how many experts there are and how many go where.</param>
    public AggregationBuilder FedAmole(Action<FedAmoleOptions>? configure = null) => Use(_ => new FedAmoleStrategy(Configured(configure)));

    /// <summary>FFA-LoRA: A is common and never trained, B is averaged. Devices call <see cref="DeviceBuilder.UseFrozenDownProjections"/>.</summary>
    public AggregationBuilder FfaLora() => Use(_ => new FfaLora());

    /// <summary>FedSA-LoRA: A is averaged, B stays. Devices call <c>Share(SharedRoles.Default.Only(LoraFactor.A))</c>.</summary>
    public AggregationBuilder FedSaLora() => Use(_ => new FedSaLora());

    /// <summary>FDLoRA: a personal and a global adapter on every device, of which the coordinator leads the global one with an optimizer of its own. Devices call <see cref="DeviceBuilder.UseFdLora"/>.</summary>
    /// <param name="configure">Says its rates. Default: the released ones.</param>
    public AggregationBuilder FdLora(Action<FdLoraOptions>? configure = null) => Use(_ => new FdLoraStrategy(Configured(configure)));

    /// <summary>The mean, with momentum over the rounds.</summary>
    /// <param name="configure">Says its rates.</param>
    public AggregationBuilder FedAvgM(Action<ServerOptimizerOptions>? configure = null) => Server(ServerMethod.Momentum, configure);

    /// <summary>Adam at the coordinator, on the way to the mean.</summary>
    /// <param name="configure">Says its rates.</param>
    public AggregationBuilder FedAdam(Action<ServerOptimizerOptions>? configure = null) => Server(ServerMethod.Adam, configure);

    /// <summary>Yogi at the coordinator, on the way to the mean.</summary>
    /// <param name="configure">Says its rates.</param>
    public AggregationBuilder FedYogi(Action<ServerOptimizerOptions>? configure = null) => Server(ServerMethod.Yogi, configure);

    /// <summary>The median of every number: bears fewer than half of the devices lying.</summary>
    public AggregationBuilder CoordinateMedian() => Use(_ => new CoordinateMedian());

    /// <summary>The mean without the largest and smallest: bears that many devices lying.</summary>
    /// <param name="liars">How many; a round needs 2 f + 1 devices.</param>
    public AggregationBuilder TrimmedMean(int liars) => Use(_ => new TrimmedMean(liars));

    /// <summary>The update that is nearest to most others, or the mean of the best: bears that many devices lying.</summary>
    /// <param name="liars">How many; a round needs 2 f + 3 devices.</param>
    /// <param name="chosen">1 for Krum, more for Multi-Krum.</param>
    public AggregationBuilder Krum(int liars, int chosen = 1) => Use(_ => new Krum(liars, chosen));

    /// <summary>The mean of updates that are shortened to a largest length.</summary>
    /// <param name="norm">The largest length.</param>
    public AggregationBuilder NormClipping(double norm) => Use(_ => new NormClipping(norm));

    private AggregationBuilder Server(ServerMethod method, Action<ServerOptimizerOptions>? configure) => Use(_ => new ServerOptimizerStrategy(method, Configured(configure)));

    private static TOptions Configured<TOptions>(Action<TOptions>? configure)
        where TOptions : new()
    {
        var options = new TOptions();
        configure?.Invoke(options);
        return options;
    }
}
