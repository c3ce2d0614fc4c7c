using CoMiGS.Parameters;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <summary>Parameters that are trained together, with their optimizer: one side of the bi-level problem.</summary>
internal sealed partial class ParameterGroup : IDisposable
{
    private readonly List<NamedParameter> _parameters;
    private readonly BilevelOptions _options;
    private readonly double _peakRate;
    private readonly AdamW? _optimizer;
    private readonly double _minimumRate;
    private readonly double? _maximumNorm;
    private readonly HashSet<string> _frozen = new(StringComparer.Ordinal);
    private optim.lr_scheduler.LRScheduler? _schedule;

    /// <param name="parameters">May be empty: then stepping does nothing.</param>
    /// <param name="options">Rates and decay.</param>
    /// <param name="learningRate">The (peak) rate.</param>
    /// <param name="horizon">Steps over which the rate falls along a cosine; 0 keeps it constant.</param>
    public ParameterGroup(IEnumerable<NamedParameter> parameters, BilevelOptions options, double learningRate, int horizon)
    {
        _parameters = [.. parameters];
        (_options, _peakRate) = (options, learningRate);
        _minimumRate = options.MinimumLearningRate ?? learningRate / 10;
        _maximumNorm = options.MaximumGradientNorm;
        Horizon = horizon;
        if (_parameters.Count > 0)
        {
            _optimizer = new FusedAdamW(_parameters.Select(p => p.Value).ToList(), learningRate, options.Beta1, options.Beta2, options.Epsilon, options.WeightDecay);
        }
    }

    /// <summary>Steps over which the rate falls; settled by the first step.</summary>
    public int Horizon { get; set; }

    /// <summary>Steps made.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether a parameter was disposed: by <c>model.to(...)</c>, which replaces what changes, or with its experts.</summary>
    public bool IsStale => _parameters.Any(p => p.Value.IsInvalid);

    public bool IsEmpty => _parameters.Count == 0;

    public double LearningRate => _optimizer?.ParamGroups.First().LearningRate ?? 0;

    /// <summary>The part of its peak that the learning rate is; to be set only without a horizon, which sets it itself.</summary>
    public double RatePart
    {
        get => LearningRate / _peakRate;
        set => _optimizer!.ParamGroups.First().LearningRate = value * _peakRate;
    }

    /// <summary>Lets gradients flow into these parameters, or keeps them out.</summary>
    public void Train(bool on) => _parameters.ForEach(p => p.Value.requires_grad = on && !_frozen.Contains(p.Name));

    /// <summary>Keeps gradients out of some of the parameters for good: they stay as they are.</summary>
    public void Freeze(IEnumerable<string> names)
    {
        _frozen.UnionWith(names);
        Train(true);
    }

    /// <summary>Reads what there is of the parameters before some of them go.</summary>
    /// <returns>To be called afterwards: makes the group with other parameters, in place of this one, which is freed. Those that stay keep their moments, and the learning rate goes on.</returns>
    public Func<IEnumerable<NamedParameter>, ParameterGroup> Leave()
    {
        var moments = Entries().ToDictionary(object (entry) => entry.Parameter, entry => entry.State, ReferenceEqualityComparer.Instance);
        return parameters =>
        {
            var next = new ParameterGroup(parameters, _options, _peakRate, Horizon) { Steps = Steps };
            next._frozen.UnionWith(_frozen);
            next.Take(moments, LearningRate);
            Dispose();
            return next;
        };
    }

    public void ZeroGrad()
    {
        using var scope = NewDisposeScope(); // TorchSharp leaves a handle of each gradient to the garbage collector
        _optimizer?.zero_grad();
    }

    public void Step()
    {
        if (_optimizer is null)
        {
            return;
        }

        if (Horizon > 0)
        {
            _schedule ??= Schedule(_optimizer);
        }

        if (_maximumNorm is { } norm)
        {
            nn.utils.clip_grad_norm_(_optimizer.parameters(), norm);
        }

        _optimizer.step();
        _schedule?.step();
        Steps++;
    }

    public void Dispose() => _optimizer?.Dispose();

    private optim.lr_scheduler.LRScheduler Schedule(AdamW optimizer) => optim.lr_scheduler.CosineAnnealingLR(optimizer, Horizon, _minimumRate);
}
