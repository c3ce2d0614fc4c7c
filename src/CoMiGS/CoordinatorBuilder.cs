using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;
using CoMiGS.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoMiGS;

/// <summary>Composes a coordinator: how updates combine, how rounds go, and where devices reach it.</summary>
public sealed class CoordinatorBuilder : IStoreBuilder
{
    private readonly IServiceCollection _services;

    internal CoordinatorBuilder(IServiceCollection services)
    {
        _services = services;
        services.AddSingleton<IValidateOptions<RoundOptions>>(new CheckedOptionsValidator<RoundOptions>(Options.DefaultName));
        services.AddOptions<RoundOptions>().ValidateOnStart();
    }

    internal Func<IServiceProvider, IAggregationStrategy> Strategy { get; private set; } = _ => new WeightedMean();

    internal Func<IServiceProvider, ICoordinatorTransport>? Transport { get; private set; }

    internal Action<RoundEvent>? Events { get; private set; }

    internal Func<IServiceProvider, TensorSet>? Initial { get; private set; }

    internal Func<IServiceProvider, IRoundStore>? Store { get; private set; }

    /// <summary>How updates combine. Default: the mean weighted by sample counts.</summary>
    public CoordinatorBuilder UseAggregation(Action<AggregationBuilder> aggregation)
    {
        var builder = new AggregationBuilder();
        aggregation(builder);
        Strategy = builder.Factory ?? Strategy;
        return this;
    }

    /// <summary>How many rounds, with how many devices and steps, and how long to wait.</summary>
    public CoordinatorBuilder UseRounds(Action<RoundOptions> rounds)
    {
        _services.Configure(rounds);
        return this;
    }

    /// <summary>The type in which shared parameters travel. Default: float32; <see cref="TensorType.BFloat16"/> halves the bytes, <see cref="TensorType.Int8"/> takes a quarter.</summary>
    /// <param name="type">The type.</param>
    public CoordinatorBuilder SendAs(TensorType type) => UseRounds(rounds => rounds.SendAs = type);

    /// <summary>Where devices reach the coordinator.</summary>
    public CoordinatorBuilder UseTransport(Action<CoordinatorTransportBuilder> transport)
    {
        var builder = new CoordinatorTransportBuilder();
        transport(builder);
        Transport = builder.Factory;
        return this;
    }

    /// <summary>
    /// The shared parameters to start from, as the strategy keeps them: for example those another run of the same strategy ended with (FlexLoRA and HetLoRA keep effective updates, the means keep
    /// what devices send; docs/strategies.md). Default: devices draw them from the run's seed.
    /// </summary>
    /// <param name="factory">Finds them.</param>
    public CoordinatorBuilder StartFrom(Func<IServiceProvider, TensorSet> factory)
    {
        Initial = factory;
        return this;
    }

    /// <summary>Where to write down what must survive this process; packages with stores have methods of their own for it. Default: nowhere, the run ends with the process.</summary>
    /// <param name="factory">Makes or finds the store.</param>
    public CoordinatorBuilder UseStore(Func<IServiceProvider, IRoundStore> factory)
    {
        Store = factory;
        return this;
    }

    void IStoreBuilder.UseStore(Func<IServiceProvider, IRoundStore> factory) => UseStore(factory);

    /// <summary>Hears of everything that happens, in order.</summary>
    public CoordinatorBuilder OnEvent(Action<RoundEvent> handler)
    {
        Events += handler;
        return this;
    }
}
