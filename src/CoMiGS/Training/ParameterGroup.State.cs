using CoMiGS.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <content>What a training state holds of a group.</content>
internal sealed partial class ParameterGroup
{
    /// <summary>Where the optimizer is.</summary>
    public GroupProgress Progress() =>
        new(Steps, Horizon, LearningRate, [.. Entries().Select(e => new ParameterProgress(e.Name, e.State.step, HasGradient(e.Parameter)))]);

    /// <summary>The parameters and both moments of each; they stay the group's.</summary>
    public IEnumerable<(string Name, Tensor Value)> Tensors() =>
        Entries().SelectMany(e => new (string, Tensor)[] { (e.Name, e.Parameter), ($"{e.Name}.exp_avg", e.State.exp_avg), ($"{e.Name}.exp_avg_sq", e.State.exp_avg_sq) });

    /// <summary>Goes to where another group of the same parameters was.</summary>
    /// <param name="progress">Where it was.</param>
    /// <param name="tensors">Its tensors by name; they are copied.</param>
    public void Restore(GroupProgress progress, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var noGrad = no_grad();
        foreach (var (name, value) in Tensors())
        {
            value.copy_(tensors[name]);
        }

        foreach (var (entry, saved) in Entries().Zip(progress.Parameters))
        {
            entry.State.step = saved.Step;
            entry.Parameter.grad = saved.HasGradient ? zeros_like(entry.Parameter) : null;
        }

        (Steps, Horizon) = (progress.Steps, progress.Horizon);
        if (_optimizer is not null)
        {
            RestoreRate(_optimizer, progress.LearningRate);
        }
    }

    /// <summary>Forgets what the optimizer knows of some parameters, as if they were new.</summary>
    public void Forget(IReadOnlySet<string> names)
    {
        using var noGrad = no_grad();
        foreach (var (_, _, state) in Entries().Where(entry => names.Contains(entry.Name)))
        {
            state.exp_avg.zero_();
            state.exp_avg_sq.zero_();
            state.step = 0;
        }
    }

    private void Take(Dictionary<object, AdamW.State> moments, double learningRate)
    {
        using var noGrad = no_grad();
        foreach (var (_, parameter, state) in Entries())
        {
            if (moments.TryGetValue(parameter, out var old))
            {
                state.exp_avg.copy_(old.exp_avg);
                state.exp_avg_sq.copy_(old.exp_avg_sq);
                state.step = old.step;
            }
        }

        if (_optimizer is not null && moments.Count > 0)
        {
            RestoreRate(_optimizer, learningRate);
        }
    }

    /// <summary>The schedule computes each rate from the one before, so it is stepped to where it was and ends at the very same bits.</summary>
    private void RestoreRate(AdamW optimizer, double learningRate)
    {
        var rate = optimizer.ParamGroups.Single();
        rate.LearningRate = rate.InitialLearningRate;
        _schedule = null;
        if (Horizon > 0 && Steps > 0)
        {
            _schedule = Schedule(optimizer);
            for (var i = 0L; i < Steps; i++)
            {
                _schedule.step();
            }
        }

        rate.LearningRate = learningRate;
    }

    private IEnumerable<(string Name, Parameter Parameter, AdamW.State State)> Entries() =>
        _optimizer is null ? [] : _parameters.Zip(_optimizer.state_dict().State, (p, state) => (p.Name, p.Value, (AdamW.State)state));

    private static bool HasGradient(Parameter parameter)
    {
        using var gradient = parameter.grad;
        return gradient is not null;
    }
}
