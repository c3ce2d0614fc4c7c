using CoMiGS.Kernels;
using CoMiGS.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <summary>
/// AdamW as <c>torch.optim.AdamW</c> computes it, with the same states, schedules and saved form; parameters of float32 on a CPU are stepped in one pass over value,
/// gradient and both moments. Others, and groups with <c>amsgrad</c> or <c>maximize</c>, are left to <c>torch.optim.AdamW</c>.
/// </summary>
/// <param name="parameters">What is trained.</param>
/// <param name="lr">Learning rate.</param>
/// <param name="beta1">Decay of the mean of gradients.</param>
/// <param name="beta2">Decay of the mean of squared gradients.</param>
/// <param name="eps">What is added to the denominator.</param>
/// <param name="weight_decay">By how much of the learning rate the parameters shrink each step.</param>
public sealed class FusedAdamW(IReadOnlyCollection<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0)
    : AdamW(parameters, lr, beta1, beta2, eps, weight_decay)
{
    /// <inheritdoc/>
    public override Tensor? step(Func<Tensor>? closure = null) =>
        _parameter_groups.All(Fits) ? _step<ParamGroup>(Step, closure) : base.step(closure);

    private static bool Fits(TorchSharp.Modules.ParamGroup group) =>
        group.Options is Options { amsgrad: not true, maximize: not true }
        && group.Parameters.All(p => p.dtype == ScalarType.Float32 && p.device_type == DeviceType.CPU && p.is_contiguous());

    private void Step(ParamGroup group)
    {
        var options = (Options)group.Options;
        foreach (var parameter in group.Parameters)
        {
            using var gradient = parameter.grad;
            if (gradient is not null && !gradient.IsInvalid)
            {
                Step(parameter, gradient.is_contiguous() ? gradient : gradient.contiguous(), (State)_state[parameter.Handle], options);
            }
        }
    }

    private static unsafe void Step(Parameter parameter, Tensor gradient, State state, Options options)
    {
        state.step++;
        var rate = options.LearningRate!.Value;
        var step = new AdamWStep(
            options.beta1!.Value,
            options.beta2!.Value,
            rate * options.weight_decay!.Value,
            rate / (1 - Math.Pow(options.beta1.Value, state.step)),
            Math.Sqrt(1 - Math.Pow(options.beta2.Value, state.step)),
            options.eps!.Value);
        step.Run(
            (float*)Addresses.Of(parameter),
            (float*)Addresses.Of(gradient),
            (float*)Addresses.Of(state.exp_avg),
            (float*)Addresses.Of(state.exp_avg_sq),
            parameter.numel());
    }
}
