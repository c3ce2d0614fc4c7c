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
    private readonly RoundNotes _notes;
    private bool _inRound;

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
        _notes = new RoundNotes(trainer.Notes);
        trainer.NotesStep = step =>
        {
            if (_inRound)
            {
                _notes.Add(step);
            }
        };
    }

    /// <inheritdoc/>
    public string BaseFingerprint => _model.BaseFingerprint;

    /// <inheritdoc/>
    public long Samples { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSpec> SharedParameters => [.. _model.SharedParameters(_roles).Select(TensorTransfer.Spec)];

    /// <inheritdoc/>
    public IReadOnlyList<AdapterPair> Adapters => AdapterTransfer.Pairs(_model.Parameters, _model.SharedParameters(_roles).Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal));

    /// <inheritdoc/>
    public bool GoesOn(RoundPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _inRound = true;
        if (_notes.AreOf(plan))
        {
            return true;
        }

        _notes.Begin(plan);
        _trainer.BeginRound();
        return false;
    }

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
        if (!_inRound)
        {
            return Figures(_trainer.Train(steps, _progress, cancellationToken));
        }

        var left = checked((int)(_notes.Last(_trainer.Step + steps) - _trainer.Step));
        _trainer.Train(left, _progress, cancellationToken);

        // Before the update is sent: were it accepted and the device killed then, no later round would bring these steps back.
        _trainer.SaveKeptState();
        return _notes.Metrics;
    }

    /// <inheritdoc/>
    public void Finish(CancellationToken cancellationToken)
    {
        if (_notes.End())
        {
            _trainer.BeginRound();
        }

        _trainer.Train(0, _progress, cancellationToken);
    }

    private static Dictionary<string, double> Figures(TrainingReport report)
    {
        var metrics = new Dictionary<string, double> { [UpdateMetrics.Loss] = report.Loss, [UpdateMetrics.Tokens] = report.Tokens };
        if (report.RouterSteps > 0)
        {
            metrics[UpdateMetrics.RouterLoss] = report.RouterLoss;
        }

        return metrics;
    }
}
