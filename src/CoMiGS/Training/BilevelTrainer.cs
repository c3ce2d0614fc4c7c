using CoMiGS.Data;
using CoMiGS.Diagnostics;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Validation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <summary>
/// Trains the experts of one device on its training split and the router on its validation split (paper section 3):
/// <code>
///   phi_i minimises            L(X_i^valid; theta^G, theta_i^S, phi_i)
///   theta^G, theta_i^S minimise L(X_i^train; theta^G, theta_i^S, phi_i)
/// </code>
/// by alternating first-order steps. While one side is trained the other takes no gradient at all, so that nothing leaks from one split into
/// the other (the released code leaks both ways: docs/fidelity.md, D1).
/// </summary>
/// <remarks>
/// Not thread-safe. Build it after the last <c>model.to(...)</c>, which replaces the parameters. Every optimizer step seeds torch's generator, from
/// <see cref="BilevelOptions.Seed"/> and its own number.
/// </remarks>
public sealed partial class BilevelTrainer : IDisposable
{
    private const int PaperHorizon = 200; // T * K = 20 * 10

    private readonly MoeModel _model;
    private readonly BilevelOptions _options;
    private readonly IBatchSource _train;
    private readonly IBatchSource _valid;
    private readonly ExpertPasses _passes;
    private ParameterGroup _experts;
    private ParameterGroup _router;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private int _routerStepsDue;

    /// <summary>A trainer with fresh optimizers, which draws seeded random windows from the device's splits.</summary>
    /// <param name="model">The model with experts.</param>
    /// <param name="data">The device's splits.</param>
    /// <param name="options">Rates, batch and schedule. Default: the paper's.</param>
    /// <param name="device">Name of the device, for reports and errors.</param>
    /// <param name="logger">Hears of phases.</param>
    /// <param name="time">Clock of the reports.</param>
    /// <exception cref="ArgumentException">The options break a rule, ask for the loss of experts that the model lacks, or the window is longer than the model's block.</exception>
    /// <exception cref="SplitTooShortException">A split is shorter than a window.</exception>
    public BilevelTrainer(MoeModel model, DeviceData data, BilevelOptions? options = null, string device = "device", ILogger? logger = null, TimeProvider? time = null)
        : this(model, Crops(model, data.Train, options, "train"), Crops(model, data.Valid, options, "valid"), options, device, logger, time)
    {
    }

    /// <summary>A trainer with fresh optimizers, which takes its batches from where the host says.</summary>
    /// <param name="model">The model with experts.</param>
    /// <param name="train">Batches for the experts.</param>
    /// <param name="valid">Batches for the router.</param>
    /// <param name="options">Rates and schedule; batch, window and seed are the sources' business. Default: the paper's.</param>
    /// <param name="device">Name of the device, for reports and errors.</param>
    /// <param name="logger">Hears of phases.</param>
    /// <param name="time">Clock of the reports.</param>
    /// <exception cref="ArgumentException">The options break a rule, or ask for the loss of experts that the model lacks.</exception>
    public BilevelTrainer(MoeModel model, IBatchSource train, IBatchSource valid, BilevelOptions? options = null, string device = "device", ILogger? logger = null, TimeProvider? time = null)
    {
        _options = options ?? new BilevelOptions();
        OptionsCheck.ThrowIfInvalid(_options, nameof(options));
        _model = model;
        _passes = new ExpertPasses(model, _options);
        Device = device;
        _logger = logger ?? NullLogger.Instance;
        _time = time ?? TimeProvider.System;
        _train = train;
        _valid = valid;
        _experts = new(InExpertSteps, _options, _options.LearningRate, _options.TotalSteps ?? PaperHorizon);
        _router = new(InRouterSteps, _options, _options.RouterLearningRate ?? _options.LearningRate, horizon: 0);
    }

    /// <summary>Name of the device.</summary>
    public string Device { get; }

    /// <summary>Expert steps made so far, over the whole run.</summary>
    public long Step { get; private set; }

    /// <summary>What is added to the cross-entropy. Default: the model's load-balancing loss.</summary>
    public ITrainingPenalty Penalty { get; set; } = new BalancePenalty();

    /// <summary>Called after every optimizer step, before anything is saved: for what parameters must keep to.</summary>
    public Action? AfterStep { get; set; }

    /// <summary>Where the last good adapters were saved; named when the loss stops being finite.</summary>
    public string? LastCheckpoint { get; set; }

    /// <summary>Takes parameters out of training for good: they keep their values, and need no gradients.</summary>
    /// <param name="names">Their full names.</param>
    public void Freeze(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        List<string> all = [.. names];
        _experts.Freeze(all);
        _router.Freeze(all);
    }

    /// <summary>Forgets the optimizers' moments of parameters, which have become others. The learning rate goes on falling.</summary>
    /// <param name="names">Their full names.</param>
    public void ForgetMoments(IReadOnlySet<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _experts.Forget(names);
        _router.Forget(names);
    }

    /// <summary>Lets experts come and go: takes the model's parameters anew. Those that stay keep the optimizer's moments, and the learning rate goes on falling.</summary>
    /// <param name="change">Changes the experts of the model.</param>
    public void Exchange(Action change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var (experts, router) = (_experts.Leave(), _router.Leave());
        change();
        (_experts, _router) = (experts(InExpertSteps), router(InRouterSteps));
    }

    /// <summary>One optimizer step of the experts on training data. The router's gradients and values are untouched.</summary>
    /// <exception cref="NonFiniteLossException">The loss is NaN or infinite; nothing was updated.</exception>
    public StepReport ExpertStep()
    {
        var report = ExpertUpdate();
        SaveWhenDue();
        return report;
    }

    /// <summary>One optimizer step of the router on validation data. The experts' gradients and values are untouched.</summary>
    /// <exception cref="NonFiniteLossException">The loss is NaN or infinite; nothing was updated.</exception>
    /// <exception cref="InvalidOperationException">There is no router to train by itself.</exception>
    public StepReport RouterStep()
    {
        var report = RouterUpdate();
        SaveWhenDue();
        return report;
    }

    /// <summary>
    /// Makes expert steps and, after every <see cref="BilevelOptions.RouterEvery"/> of them, a phase of router steps. A phase that was cut short, by cancelling or
    /// by the end of the process, is completed first; with no steps to make, that is all.
    /// </summary>
    /// <param name="steps">Expert steps to make.</param>
    /// <param name="progress">Hears of every step.</param>
    /// <param name="cancellationToken">Looked at before every step; what has been trained stays.</param>
    public TrainingReport Train(int steps, IProgress<StepReport>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        var reports = new List<StepReport>();
        for (var left = steps; left > 0 || _routerStepsDue > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_routerStepsDue > 0)
            {
                reports.Add(RouterStepOfPhase());
            }
            else
            {
                reports.Add(ExpertStepBeforePhase());
                left--;
            }

            NotesStep?.Invoke(reports[^1]);
            SaveWhenDue();
            progress?.Report(reports[^1]);
        }

        return TrainingReport.Of(reports);
    }

    /// <summary>
    /// Says that shared parameters have arrived, at the start of a round or after the last one. With <see cref="RouterSchedule.EachRound"/> the next <see cref="Train"/> begins with a phase
    /// of the router; otherwise nothing happens. A federation says so by itself.
    /// </summary>
    public void BeginRound()
    {
        if (_options.RouterSchedule == RouterSchedule.EachRound && !_router.IsEmpty && Step >= _options.WarmUpSteps)
        {
            _routerStepsDue = _options.RouterSteps;
        }
    }

    /// <summary>Frees the optimizers and what is kept with the state; the model stays with its owner.</summary>
    public void Dispose()
    {
        _experts.Dispose();
        _router.Dispose();
        _kept.ForEach(kept => kept.Value.Dispose());
    }

    /// <summary>Hears of every step of <see cref="Train"/> before the training state is saved, for what goes into <see cref="Notes"/>.</summary>
    internal Action<StepReport>? NotesStep { get; set; }

    /// <summary>Lets the learning rate fall over a run's steps, unless the options or a step made already say otherwise.</summary>
    internal void OfferHorizon(int steps)
    {
        if (_options.TotalSteps is null && Step == 0)
        {
            _experts.Horizon = steps;
        }
    }

    private IEnumerable<NamedParameter> InExpertSteps => _model.Parameters.Where(p => p.Role != ParameterRole.Router).Concat(_options.RouterSchedule == RouterSchedule.Joint ? _model.Routers() : []);

    private IEnumerable<NamedParameter> InRouterSteps => _options.RouterSchedule == RouterSchedule.Joint ? [] : _model.Routers();

    private StepReport ExpertStepBeforePhase()
    {
        var report = ExpertUpdate();
        if (_options.RouterSchedule == RouterSchedule.Alternating && !_router.IsEmpty && Step > _options.WarmUpSteps && Step % _options.RouterEvery == 0)
        {
            _routerStepsDue = _options.RouterSteps;
        }

        return report;
    }

    private StepReport RouterStepOfPhase()
    {
        var report = RouterUpdate();
        if (--_routerStepsDue == 0)
        {
            _logger.RouterPhaseDone(Device, Step, _options.RouterSteps);
        }

        return report;
    }

    private StepReport ExpertUpdate()
    {
        if (Step == _options.WarmUpSteps && Step > 0)
        {
            _model.CopyGeneralistsToSpecialists(); // only now, since a download may have come in between
        }

        var report = OptimizerStep(StepKind.Expert, _experts, _router, _train);
        Step++;
        return report with { Step = Step };
    }

    private StepReport RouterUpdate()
    {
        if (_router.IsEmpty)
        {
            throw new InvalidOperationException("There is no router to train by itself: the experts are combined by their mean, or the router learns jointly with them.");
        }

        if (_options.RouterRateFalls)
        {
            _router.RatePart = _experts.RatePart;
        }

        return OptimizerStep(StepKind.Router, _router, _experts, _valid);
    }

    private StepReport OptimizerStep(StepKind kind, ParameterGroup trained, ParameterGroup held, IBatchSource batches)
    {
        if (trained.IsStale || held.IsStale)
        {
            throw new InvalidOperationException("The parameters that this trainer was made for are gone: model.to(...) replaced them, or the experts were removed. Make a trainer afterwards.");
        }

        var start = _time.GetTimestamp();
        var rate = trained.LearningRate;
        held.Train(false);
        try
        {
            _model.Model.train();
            SeedStep(kind, trained.Steps);
            trained.ZeroGrad();
            var (loss, penalty, tokens) = Accumulate(kind, batches);
            trained.Step();
            AfterStep?.Invoke();
            var report = new StepReport(Device, Step, kind, loss, penalty, rate, tokens, _time.GetElapsedTime(start));
            TrainingMetrics.Record(kind == StepKind.Expert ? "expert" : "router", loss, tokens, report.Elapsed);
            return report;
        }
        finally
        {
            held.Train(true);
        }
    }

    /// <summary>Random numbers of a step, such as what dropout drops, follow from the seed and the step alone, as the crops do: nothing that ran before can shift them.</summary>
    private void SeedStep(StepKind kind, long step)
    {
        using var generator = manual_seed(new Seed(_options.Seed).For($"torch in {kind} step").For(step).Value);
    }

    private (double Loss, double Penalty, long Tokens) Accumulate(StepKind kind, IBatchSource batches)
    {
        double loss = 0, penalties = 0;
        long tokens = 0;
        for (var micro = 0; micro < _options.AccumulationSteps; micro++)
        {
            using var scope = NewDisposeScope();
            var batch = batches.NextBatch();
            foreach (var pass in _passes.Of(kind, Step))
            {
                var (value, penalty) = Backward(pass, kind, batch);
                loss += pass.IsReported ? value / _options.AccumulationSteps : 0;
                penalties += penalty / _options.AccumulationSteps;
            }

            tokens += batch.Tokens;
        }

        return (loss, penalties, tokens);
    }

    /// <summary>One forward and backward pass; the first of a batch carries the penalty.</summary>
    private (double Loss, double Penalty) Backward(ExpertPass pass, StepKind kind, TokenBatch batch)
    {
        using var scope = NewDisposeScope();
        using var gates = pass.Alone is { } role ? _model.Only(role) : null;
        var crossEntropy = LanguageModelLoss.Mean(_model.Model, batch.Inputs, batch.Targets);
        var value = crossEntropy.ToDouble();
        if (!double.IsFinite(value))
        {
            throw new NonFiniteLossException(Device, Step, kind, value, LastCheckpoint);
        }

        var weighted = pass.Weight == 1 ? crossEntropy : crossEntropy.Times(pass.Weight);
        if (!pass.IsReported)
        {
            weighted.Over(_options.AccumulationSteps).backward();
            return (value, 0);
        }

        var penalty = Penalty.Compute(_model);
        weighted.Plus(penalty).Over(_options.AccumulationSteps).backward();
        return (value, penalty.ToDouble());
    }

    private static RandomCrops Crops(MoeModel model, ITokenSource split, BilevelOptions? options, string name)
    {
        options ??= new BilevelOptions();
        OptionsCheck.ThrowIfInvalid(options, nameof(options));
        var language = model.Model as ILanguageModel;
        if (options.Window > language?.BlockSize)
        {
            throw new ArgumentException($"Window is {options.Window}, but the model reads at most {language.BlockSize} tokens. Use a window of 1 to {language.BlockSize}.", nameof(options));
        }

        return new RandomCrops(split, options.BatchSize, options.Window, new Seed(options.Seed).For(name), language?.VocabularySize);
    }
}
