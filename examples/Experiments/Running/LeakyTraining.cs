using CoMiGS.Data;
using CoMiGS.Federation;
using CoMiGS.Federation.Methods;
using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Parameters;
using CoMiGS.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Experiments.Running;

/// <summary>
/// A device's training as the released code does it, for the ablation alone: every backward pass fills the gradients of experts and routers, and each
/// optimizer clears only its own after its step. So the first router step of a phase takes the training gradients of all expert steps before it, and the
/// next expert step the validation gradients of the phase (docs/fidelity.md, D1). Batches, rates and rhythm are the library's.
/// </summary>
internal sealed class LeakyTraining : TrainingMethod, IDisposable
{
    private readonly string _device;
    private readonly DeviceParts _parts;
    private readonly IProgress<StepReport> _progress;
    private readonly TimeProvider _time;
    private readonly RandomCrops _train, _valid;
    private readonly FusedAdamW _experts, _router;
    private optim.lr_scheduler.LRScheduler? _schedule;
    private int _step;

    public LeakyTraining(ILocalTraining inner, DeviceParts parts, string device, IProgress<StepReport> progress, TimeProvider time)
        : base(inner)
    {
        (_parts, _device, _progress, _time) = (parts, device, progress, time);
        (_train, _valid) = (Crops(parts, parts.Data.Train, "train"), Crops(parts, parts.Data.Valid, "valid"));
        (_experts, _router) = (Optimizer(parts.Model.ExpertParameters(), parts.Training), Optimizer(parts.Model.RouterParameters(), parts.Training));
    }

    public override IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
    {
        _schedule ??= optim.lr_scheduler.CosineAnnealingLR(_experts, horizon, _parts.Training.LearningRate / 10);
        var losses = new List<double>();
        for (var i = 0; i < steps; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _step++;
            losses.Add(Step(StepKind.Expert, _experts, _train));
            _schedule.step();
            for (var router = 0; _step % _parts.Training.RouterEvery == 0 && router < _parts.Training.RouterSteps; router++)
            {
                Step(StepKind.Router, _router, _valid);
            }
        }

        return new Dictionary<string, double> { ["loss"] = losses.Average() };
    }

    public void Dispose()
    {
        _experts.Dispose();
        _router.Dispose();
    }

    private double Step(StepKind kind, FusedAdamW optimizer, RandomCrops batches)
    {
        var start = _time.GetTimestamp();
        double loss = 0, penalties = 0;
        long tokens = 0;
        _parts.Model.Model.train();
        for (var micro = 0; micro < _parts.Training.AccumulationSteps; micro++)
        {
            using var scope = NewDisposeScope();
            var batch = batches.NextBatch();
            var crossEntropy = LanguageModelLoss.Mean(_parts.Model.Model, batch.Inputs, batch.Targets);
            var penalty = _parts.Trainer.Penalty.Compute(_parts.Model);
            var value = crossEntropy.ToDouble();
            if (!double.IsFinite(value))
            {
                throw new NonFiniteLossException(_device, _step, kind, value, lastCheckpoint: null);
            }

            ((crossEntropy + penalty) / (double)_parts.Training.AccumulationSteps).backward();
            loss += value / _parts.Training.AccumulationSteps;
            penalties += penalty.ToDouble() / _parts.Training.AccumulationSteps;
            tokens += batch.Tokens;
        }

        optimizer.step();
        optimizer.zero_grad();
        _progress.Report(new StepReport(_device, _step, kind, loss, penalties, optimizer.ParamGroups.First().LearningRate, tokens, _time.GetElapsedTime(start)));
        return loss;
    }

    private static FusedAdamW Optimizer(IEnumerable<Parameter> parameters, BilevelOptions options) =>
        new FusedAdamW([.. parameters], options.LearningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);

    // The seeds of the library's trainer, so that a clean and a leaky run see the same windows.
    private static RandomCrops Crops(DeviceParts parts, ITokenSource split, string name) =>
        new(split, parts.Training.BatchSize, parts.Training.Window, new Seed(parts.Training.Seed).For(name));
}
