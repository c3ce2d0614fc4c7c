using CoMiGS.Diagnostics;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Planning;
using CoMiGS.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static TorchSharp.torch;

namespace CoMiGS;

/// <summary>Adds experts to a model you already have.</summary>
public static class ModelExtensions
{
    /// <summary>
    /// Freezes <paramref name="model"/> and puts a mixture of LoRA experts over every feed-forward, or beside the linear layers that
    /// <see cref="ExpertOptions.TargetModules"/> names, and adapters beside the attention projections. All or nothing is put in. The model is called as before, and computes what it did before until the experts are trained.
    /// </summary>
    /// <param name="model">
    /// A model whose feed-forwards implement <see cref="IFeedForward"/> and, for attention adapters, whose attention implements <see cref="IAttention"/>; or any other, if the options say
    /// where experts go.
    /// </param>
    /// <param name="options">How many experts, of which rank, and how they are combined. Default: 1 generalist and 1 specialist of rank 8.</param>
    /// <param name="logger">Hears of settings that have no effect.</param>
    /// <returns>The handle to what was added. It owns the model from now on.</returns>
    /// <exception cref="ArgumentException">The options break a rule; the message lists all of them.</exception>
    /// <exception cref="InvalidOperationException">The model has experts already, nothing that experts could be put over or beside, or a feed-forward that computes something else than its parts.</exception>
    public static MoeModel AddExperts(this nn.Module<Tensor, Tensor> model, ExpertOptions? options = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ExpertOptions();
        var layout = options.ToLayout();
        StaticAdapters.RefuseAdapted(model);
        logger ??= NullLogger.Instance;
        var plan = ExpertPlan.For(model, options.Places, layout.Attention is not null || layout.RoutesAttention, layout.RoutesAttention);
        foreach (var name in plan.Unmatched)
        {
            logger.TargetMatchesNothing(name, model.GetType().Name);
        }

        var placements = plan.Prepare(layout, options.Seed);
        var fingerprint = BaseFingerprint.Of(model);
        var trainable = Placement.PutAll(model, placements);
        layout = plan.Attention.Count > 0 ? layout : layout with { Attention = null };
        var sum = layout.Router == RouterKind.Embedding ? plan.Targets.Count : 1; // FedAMoLE adds the losses of its layers up, where MoeModel takes their mean
        var moe = new MoeModel(model, layout, fingerprint, placements, trainable, Balance(layout, options, logger), options.LoadBalance * sum);
        foreach (var block in moe.Blocks.OfType<MoeFeedForward>())
        {
            block.UsesKernel = options.UseKernel;
        }

        logger.ExpertsAdded(model.GetType().Name, moe.Blocks.Count, layout.Generalists, layout.Specialists, moe.Parameters.Sum(p => p.Value.numel()));
        return moe;
    }

    private static IBalanceLoss? Balance(ExpertLayout layout, ExpertOptions options, ILogger logger)
    {
        if (layout.Router == RouterKind.Mean || options.LoadBalance == 0)
        {
            return null;
        }

        if (layout.Router == RouterKind.Embedding)
        {
            return new SwitchBalanceLoss();
        }

        var balance = new ImportanceBalanceLoss(layout.Generalists, options.GeneralistShare, options.UnselectedLogits);
        if (balance.IsConstant(layout.Experts, layout.TopK))
        {
            logger.BalanceLossIsConstant(layout.Experts, layout.TopK, options.GeneralistShare);
        }

        return balance;
    }
}
