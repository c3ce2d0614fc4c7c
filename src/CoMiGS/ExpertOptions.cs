using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Planning;
using CoMiGS.Routing;
using CoMiGS.Validation;
using static TorchSharp.torch;

namespace CoMiGS;

/// <summary>Which experts a model gets. The defaults are the paper's headline setting, 1G1S with top-2 routing.</summary>
public sealed class ExpertOptions : ICheckedOptions
{
    private IReadOnlyList<FeedForwardRule> _feedForwards = [];

    /// <summary>Generalists per block: aggregated over all devices, so their number and rank must be the same on each.</summary>
    /// <value>Default: 1.</value>
    [Allowed(0, 1024)]
    public int Generalists { get; set; } = 1;

    /// <summary>Specialists per block: private, so every device chooses as many as its memory allows.</summary>
    /// <value>Default: 1.</value>
    [Allowed(0, 1024)]
    public int Specialists { get; set; } = 1;

    /// <summary>LoRA rank r of every expert.</summary>
    /// <value>Default: 8.</value>
    [Allowed(1, 65536, Advice = "8 is a usual choice.")]
    public int Rank { get; set; } = 8;

    /// <summary>LoRA alpha of experts and attention adapters.</summary>
    /// <value>Default: 16.</value>
    [Allowed(0, ExclusiveMinimum = true, Advice = "16 is a usual choice.")]
    public double Alpha { get; set; } = 16;

    /// <summary>Whether the update is scaled by alpha / sqrt(r) or alpha / r.</summary>
    /// <value>Default: alpha / sqrt(r), as in the paper's code.</value>
    public LoraScaling Scaling { get; set; } = LoraScaling.RankStabilized;

    /// <summary>Dropout before the down projections while training.</summary>
    /// <value>Default: 0.</value>
    [Allowed(0, 1, ExclusiveMaximum = true)]
    public double Dropout { get; set; }

    /// <summary>Experts per token, k.</summary>
    /// <value>Default: null, which is 2, or 1 where a block has a single expert. With <see cref="RouterKind.Embedding"/> the shared expert does not count.</value>
    [Allowed(1, 2048)]
    public int? TopK { get; set; }

    /// <summary>How experts are combined.</summary>
    /// <value>Default: a learnt top-k router.</value>
    public RouterKind Router { get; set; } = RouterKind.TopK;

    /// <summary>LoRA rank of the attention projections, or 0 for no attention adapters.</summary>
    /// <value>Default: 8, as in the paper's code.</value>
    [Allowed(0, 65536)]
    public int AttentionRank { get; set; } = 8;

    /// <summary>
    /// Whether the attention projections get as many experts as a block has, each with a router of its own, in place of one adapter that is shared: then a device can
    /// do without what the others learnt there, too. Needs <see cref="AttentionRank"/> equal to <see cref="Rank"/>, since an expert has one rank.
    /// </summary>
    /// <value>Default: false, one adapter beside each projection, shared, as in the paper's code. To keep that one on the device, leave its role out of <see cref="Parameters.SharedRoles"/>.</value>
    public bool RouteAttention { get; set; }

    /// <summary>Whether a router has a bias: a preference for an expert that does not depend on the token. Needed where the choice among experts is made on validation (<see cref="DeviceBuilder.ChooseOnValidation"/>).</summary>
    /// <value>Default: false, as in the paper.</value>
    public bool RouterBias { get; set; }

    /// <summary>Weight lambda of the load-balancing loss; 0 turns it off. The loss is averaged over the blocks; that of <see cref="RouterKind.Embedding"/> is their sum.</summary>
    /// <value>Default: 0.01.</value>
    [Allowed(0)]
    public double LoadBalance { get; set; } = 0.01;

    /// <summary>Share of the tokens that the balance loss wants the generalists to get, rho; 0 treats all experts alike.</summary>
    /// <value>Default: 0.5.</value>
    [Allowed(0, 1, ExclusiveMaximum = true)]
    public double GeneralistShare { get; set; } = 0.5;

    /// <summary>What the balance loss takes for the logits of unselected experts.</summary>
    /// <value>Default: masked.</value>
    public UnselectedLogits UnselectedLogits { get; set; } = UnselectedLogits.Masked;

    /// <summary>Single linear layers that get a mixture of experts each, in place of the feed-forwards: names as in PEFT, a regular expression, or <c>all-linear</c>.</summary>
    /// <value>Default: null, every feed-forward gets experts.</value>
    public ModulePattern? TargetModules { get; set; }

    /// <summary>Linear layers that get neither experts nor adapters although <see cref="TargetModules"/>, <see cref="AttentionModules"/> or an attention module names them.</summary>
    /// <value>Default: null, none is left out.</value>
    public ModulePattern? ExcludeModules { get; set; }

    /// <summary>Linear layers that get an attention adapter. A layer with experts of its own gets none.</summary>
    /// <value>Default: null, those that attention modules name themselves (<see cref="IAttention"/>).</value>
    public ModulePattern? AttentionModules { get; set; }

    /// <summary>
    /// Whether blocks compute their experts in one fused pass where a kernel fits: on a CPU, in float32 or bfloat16, without dropout, for the combine functions that
    /// <see cref="IFeedForward.Kernel"/> names. Off, and everywhere else, the mixture is composed of torch's operators: the same numbers up to rounding, in more memory.
    /// </summary>
    /// <value>Default: true.</value>
    public bool UseKernel { get; set; } = true;

    /// <summary>Seed of the initial values of all adapters and routers.</summary>
    /// <value>Default: 42.</value>
    public long Seed { get; set; } = 42;

    internal ExpertPlaces Places => new(_feedForwards, TargetModules, ExcludeModules, AttentionModules);

    /// <summary>Puts experts over the feed-forwards of a class that does not implement <see cref="IFeedForward"/>.</summary>
    /// <typeparam name="TModule">The class.</typeparam>
    /// <param name="open">Says which of its layers are input and output, and what lies between; compared with what the module computes when experts are added.</param>
    /// <returns>These options.</returns>
    public ExpertOptions FeedForward<TModule>(Func<TModule, FeedForwardParts> open)
        where TModule : nn.Module<Tensor, Tensor>
    {
        ArgumentNullException.ThrowIfNull(open);
        _feedForwards = [.. _feedForwards, FeedForwardRule.Of(open)];
        return this;
    }

    /// <summary>Puts experts over the feed-forwards at some paths.</summary>
    /// <param name="modules">Their names, or a regular expression of their paths.</param>
    /// <param name="shape">How they open up; compared with what the module computes when experts are added. Default: they are a <c>Sequential</c> of a Linear, an activation and a Linear.</param>
    /// <returns>These options.</returns>
    public ExpertOptions FeedForward(ModulePattern modules, FeedForwardShape? shape = null)
    {
        ArgumentNullException.ThrowIfNull(modules);
        _feedForwards = [.. _feedForwards, FeedForwardRule.Of(modules, shape)];
        return this;
    }

    /// <inheritdoc/>
    public IEnumerable<string> CrossFieldViolations() => Router == RouterKind.Embedding ? EmbeddingViolations() : CountViolations();

    private IEnumerable<string> EmbeddingViolations()
    {
        if (RouteAttention || RouterBias)
        {
            yield return $"{(RouteAttention ? nameof(RouteAttention) : nameof(RouterBias))} is set, but Router is Embedding, whose experts come and go. Leave it off, or use Router TopK.";
        }

        if (Generalists != 1 || Specialists != 0)
        {
            yield return $"The block has {Generalists} generalists and {Specialists} specialists, but with Router Embedding it has one shared expert and those that it is assigned. Set Generalists to 1 and Specialists to 0.";
        }

        if (TargetModules is null || _feedForwards.Count > 0)
        {
            yield return "Router Embedding scores experts beside single linear layers. Name them by TargetModules, for example q_proj and v_proj, and leave FeedForward out.";
        }
    }

    private IEnumerable<string> CountViolations()
    {
        var experts = Generalists + Specialists;
        var counts = $"{experts} {(experts == 1 ? "expert" : "experts")} ({Generalists} {(Generalists == 1 ? "generalist" : "generalists")} + {Specialists} {(Specialists == 1 ? "specialist" : "specialists")})";
        if (experts < 1)
        {
            yield return $"The block has {counts}. Set Generalists or Specialists to 1 or more.";
        }
        else if (TopK > experts)
        {
            yield return $"TopK is {TopK}, but the block has {counts}. Use TopK {string.Join(" or ", experts == 1 ? ["1"] : experts == 2 ? ["1", "2"] : [$"1 to {experts}"])}, or add specialists.";
        }

        if (Router == RouterKind.Mean && TopK is not null && TopK != experts)
        {
            yield return $"TopK is {TopK}, but Router is Mean, which takes all {counts}. Leave TopK unset, or use Router TopK.";
        }

        if (RouteAttention && AttentionRank != Rank)
        {
            yield return $"RouteAttention is set, AttentionRank is {AttentionRank} and Rank {Rank}, but an expert has one rank. Use the same, or leave RouteAttention off.";
        }
    }

    /// <summary>The same options with another number of specialists.</summary>
    internal ExpertOptions WithSpecialists(int specialists)
    {
        var copy = (ExpertOptions)MemberwiseClone();
        copy.Specialists = specialists;
        return copy;
    }

    /// <summary>The checked description these options stand for.</summary>
    /// <exception cref="ArgumentException">At least one rule is broken; the message lists all of them.</exception>
    public ExpertLayout ToLayout()
    {
        OptionsCheck.ThrowIfInvalid(this, "options");
        var experts = Generalists + Specialists;
        return new(
            Generalists,
            Specialists,
            new LoraConfig(Rank, Alpha, Scaling, Dropout),
            AttentionRank == 0 || RouteAttention ? null : new LoraConfig(AttentionRank, Alpha, Scaling, Dropout),
            experts == 1 && Router != RouterKind.Embedding ? RouterKind.Mean : Router,
            Router == RouterKind.Mean ? experts : TopK ?? (Router == RouterKind.Embedding ? 2 : Math.Min(2, experts)),
            RouterBias,
            RouteAttention);
    }
}
