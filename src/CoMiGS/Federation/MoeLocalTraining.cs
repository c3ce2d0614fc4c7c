using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Training;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>
/// The local side of CoMiGS: a model with experts, the bi-level trainer, and the allow-list of roles whose parameters leave the device. Specialists and
/// routers never do, unless their role is put on the list by name.
/// </summary>
/// <remarks>Model and trainer stay with their owner. Nothing else may use the model while the device takes part.</remarks>
public sealed class MoeLocalTraining : ILocalTraining
{
    private readonly MoeModel _model;
    private readonly BilevelTrainer _trainer;
    private readonly SharedRoles _roles;
    private readonly IProgress<StepReport>? _progress;

    /// <summary>Puts model, trainer and allow-list together.</summary>
    /// <param name="model">The model with experts.</param>
    /// <param name="trainer">Its trainer.</param>
    /// <param name="samples">The size of the training data: the device's weight in a weighted mean.</param>
    /// <param name="roles">What leaves the device; <see cref="SharedRoles.Default"/> if none are given.</param>
    /// <param name="progress">Hears of every step.</param>
    public MoeLocalTraining(MoeModel model, BilevelTrainer trainer, long samples, SharedRoles? roles = null, IProgress<StepReport>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        _model = model;
        _trainer = trainer;
        Samples = samples;
        _roles = roles ?? SharedRoles.Default;
        _progress = progress;
        SharedParameters = [.. model.SharedParameters(_roles).Select(TensorTransfer.Spec)];
    }

    /// <inheritdoc/>
    public string BaseFingerprint => _model.BaseFingerprint;

    /// <inheritdoc/>
    public long Samples { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSpec> SharedParameters { get; }

    /// <inheritdoc/>
    public void InitialiseShared(long seed) => _model.InitialiseShared(seed, _roles);

    /// <inheritdoc/>
    public void Import(TensorSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (SignatureDifference.Describe(SharedParameters, parameters.Specs) is { } difference)
        {
            throw new ArgumentException(difference, nameof(parameters));
        }

        foreach (var (parameter, tensor) in _model.SharedParameters(_roles).Zip(parameters))
        {
            TensorTransfer.Write(tensor, parameter.Value);
        }
    }

    /// <inheritdoc/>
    public TensorSet Export() => new(_model.SharedParameters(_roles).Select(TensorTransfer.Read));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
    {
        _trainer.OfferHorizon(horizon);
        var report = _trainer.Train(steps, _progress, cancellationToken);
        var metrics = new Dictionary<string, double> { ["loss"] = report.Loss, ["tokens"] = report.Tokens };
        if (report.RouterSteps > 0)
        {
            metrics["router_loss"] = report.RouterLoss;
        }

        return metrics;
    }
}
