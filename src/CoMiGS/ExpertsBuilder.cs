using CoMiGS.Experts;
using CoMiGS.Planning;
using static TorchSharp.torch;

namespace CoMiGS;

/// <summary>Says how many experts a device has, and how large they are.</summary>
public sealed class ExpertsBuilder
{
    private readonly Action<Action<ExpertOptions>> _configure;

    internal ExpertsBuilder(Action<Action<ExpertOptions>> configure) => _configure = configure;

    /// <summary>Generalists per block; the same on every device. Default: 1.</summary>
    public ExpertsBuilder Generalists(int count) => With(o => o.Generalists = count);

    /// <summary>Specialists per block; every device has its own number. Default: 1.</summary>
    public ExpertsBuilder Specialists(int count) => With(o => o.Specialists = count);

    /// <summary>LoRA rank r. Default: 8.</summary>
    public ExpertsBuilder Rank(int rank) => With(o => o.Rank = rank);

    /// <summary>LoRA alpha. Default: 16.</summary>
    public ExpertsBuilder Alpha(double alpha) => With(o => o.Alpha = alpha);

    /// <summary>Whether updates are scaled by alpha / sqrt(r), the default, or alpha / r.</summary>
    public ExpertsBuilder Scaling(LoraScaling scaling) => With(o => o.Scaling = scaling);

    /// <summary>Dropout before the down projections. Default: 0.</summary>
    public ExpertsBuilder Dropout(double probability) => With(o => o.Dropout = probability);

    /// <summary>LoRA rank of the attention projections; 0 for none. Default: 8.</summary>
    public ExpertsBuilder AttentionRank(int rank) => With(o => o.AttentionRank = rank);

    /// <inheritdoc cref="ExpertOptions.RouteAttention"/>
    public ExpertsBuilder RouteAttention() => With(o => o.RouteAttention = true);

    /// <inheritdoc cref="ExpertOptions.TargetModules"/>
    public ExpertsBuilder TargetModules(ModulePattern modules) => With(o => o.TargetModules = modules);

    /// <inheritdoc cref="ExpertOptions.ExcludeModules"/>
    public ExpertsBuilder ExcludeModules(ModulePattern modules) => With(o => o.ExcludeModules = modules);

    /// <inheritdoc cref="ExpertOptions.AttentionModules"/>
    public ExpertsBuilder AttentionModules(ModulePattern modules) => With(o => o.AttentionModules = modules);

    /// <inheritdoc cref="ExpertOptions.FeedForward{TModule}"/>
    public ExpertsBuilder FeedForward<TModule>(Func<TModule, FeedForwardParts> open)
        where TModule : nn.Module<Tensor, Tensor> => With(o => o.FeedForward(open));

    /// <inheritdoc cref="ExpertOptions.FeedForward(ModulePattern, FeedForwardShape)"/>
    public ExpertsBuilder FeedForward(ModulePattern modules, FeedForwardShape? shape = null) => With(o => o.FeedForward(modules, shape));

    /// <summary>Seed of this device's private initial values. Default: 42.</summary>
    public ExpertsBuilder Seed(long seed) => With(o => o.Seed = seed);

    private ExpertsBuilder With(Action<ExpertOptions> change)
    {
        _configure(change);
        return this;
    }
}
