using CoMiGS.Aggregation.ServerOptimizer;
using CoMiGS.Transport;
using CoMiGS.Validation;

namespace CoMiGS.Aggregation.FdLora;

/// <summary>
/// The coordinator's side of FDLoRA (arXiv 2406.07925). In the first round every device trains its personal adapter, and the mean of these is the first global one. From
/// then on devices train the global adapter, and the coordinator steps along their mean way <c>d = mean(theta_k) - theta</c> with Nesterov's momentum:
/// <c>m = beta m + d; theta += eta (d + beta m)</c>.
/// </summary>
/// <remarks>What makes the method personal happens on the devices (<c>UseFdLora</c> where a device is composed).</remarks>
public sealed class FdLoraStrategy : IAggregationStrategy
{
    /// <summary>The ability that devices must have.</summary>
    public const string Ability = "fdlora";

    private readonly FdLoraOptions _options;
    private readonly ServerStep _step;

    /// <summary>A strategy for one run.</summary>
    /// <param name="options">The outer optimizer's rates; the defaults if none are given.</param>
    /// <exception cref="ArgumentException">The options break a rule; all are listed.</exception>
    public FdLoraStrategy(FdLoraOptions? options = null)
    {
        _options = options ?? new FdLoraOptions();
        OptionsCheck.ThrowIfInvalid(_options, nameof(options));
        _step = new ServerStep(ServerMethod.Momentum, new ServerOptimizerOptions { LearningRate = _options.LearningRate, Beta1 = _options.Momentum, Nesterov = true });
    }

    /// <inheritdoc/>
    public string Name => "FdLora";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { Ability = Ability };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MeanAggregation.Objection(Name, device);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        var mean = new MeanAggregation(moment, update => _options.Weights == UpdateWeights.Samples ? update.Samples : 1);
        return moment.Round == 1 ? mean : new Finished(mean, result => new TensorSet(moment.Shared.Zip(result, _step.Next)));
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> SaveState() => _step.Save();

    /// <inheritdoc/>
    public void RestoreState(ReadOnlyMemory<byte> state) => _step.Restore(state);
}
