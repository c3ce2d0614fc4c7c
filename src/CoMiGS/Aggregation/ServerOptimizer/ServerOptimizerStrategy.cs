using CoMiGS.Aggregation.LowRank;
using CoMiGS.Transport;
using CoMiGS.Validation;

namespace CoMiGS.Aggregation.ServerOptimizer;

/// <summary>FedAvgM, FedAdam and FedYogi: the coordinator takes the way to the exact mean for a gradient, and steps with an optimizer of its own (<see cref="ServerMethod"/>).</summary>
/// <remarks>Every step follows from the exact mean, number by number, so the order of updates does not change a bit. Memory is that of three models.</remarks>
public sealed class ServerOptimizerStrategy : IAggregationStrategy
{
    private readonly ServerMethod _method;
    private readonly ServerOptimizerOptions _options;
    private readonly ServerStep _step;

    /// <summary>A strategy for one run.</summary>
    /// <param name="method">Which optimizer.</param>
    /// <param name="options">Its rates; the defaults if none are given.</param>
    /// <exception cref="ArgumentException">The options break a rule; all are listed. Or Nesterov's momentum is asked of FedAdam or FedYogi.</exception>
    public ServerOptimizerStrategy(ServerMethod method, ServerOptimizerOptions? options = null)
    {
        _method = method;
        _options = options ?? new ServerOptimizerOptions();
        OptionsCheck.ThrowIfInvalid(_options, nameof(options));
        if (_options.Nesterov && method != ServerMethod.Momentum)
        {
            throw new ArgumentException($"Nesterov is true, but {Name} has no momentum that could look ahead. Leave it false, or use FedAvgM.", nameof(options));
        }

        _step = new ServerStep(method, _options);
    }

    /// <inheritdoc/>
    public string Name => _method == ServerMethod.Momentum ? "FedAvgM" : $"Fed{_method}";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { BearsLateUpdates = true };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MeanAggregation.Objection(Name, device) ?? FreshAdapters.Objection(Name, device);

    /// <inheritdoc/>
    public TensorSet Start(DeviceShare first, long seed) => FreshAdapters.Draw(first, seed);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        var mean = new MeanAggregation(moment, update => _options.Weights == UpdateWeights.Samples ? update.Samples : 1);
        return new Finished(mean, result => new TensorSet(moment.Shared.Zip(result, _step.Next)));
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> SaveState() => _step.Save();

    /// <inheritdoc/>
    public void RestoreState(ReadOnlyMemory<byte> state) => _step.Restore(state);
}
