using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <summary>Parameters that are trained together, with their optimizer: one side of the bi-level problem.</summary>
internal sealed class ParameterGroup : IDisposable
{
    private const int PaperHorizon = 200; // T * K = 20 * 10, methods section 1.5

    private readonly List<Parameter> _parameters;
    private readonly AdamW? _optimizer;
    private readonly optim.lr_scheduler.LRScheduler? _schedule;

    /// <param name="parameters">May be empty: then stepping does nothing.</param>
    /// <param name="options">Rates and decay.</param>
    /// <param name="learningRate">The (peak) rate.</param>
    /// <param name="cosine">Whether the rate falls along a cosine over <see cref="BilevelOptions.TotalSteps"/>.</param>
    public ParameterGroup(IEnumerable<Parameter> parameters, BilevelOptions options, double learningRate, bool cosine)
    {
        _parameters = [.. parameters];
        if (_parameters.Count == 0)
        {
            return;
        }

        _optimizer = optim.AdamW(_parameters, learningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
        var horizon = options.TotalSteps ?? PaperHorizon;
        if (cosine && horizon > 0)
        {
            _schedule = optim.lr_scheduler.CosineAnnealingLR(_optimizer, horizon, options.MinimumLearningRate ?? learningRate / 10);
        }
    }

    public bool IsEmpty => _parameters.Count == 0;

    public double LearningRate => _optimizer?.ParamGroups.First().LearningRate ?? 0;

    /// <summary>Lets gradients flow into these parameters, or keeps them out.</summary>
    public void Train(bool on) => _parameters.ForEach(p => p.requires_grad = on);

    public void ZeroGrad() => _optimizer?.zero_grad();

    public void Step()
    {
        _optimizer?.step();
        _schedule?.step();
    }

    public void Dispose() => _optimizer?.Dispose();
}
