using CoMiGS.Diagnostics;
using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS;

/// <summary>Adds experts to a model you already have.</summary>
public static class ModelExtensions
{
    /// <summary>
    /// Freezes <paramref name="model"/> and puts a mixture of LoRA experts over every feed-forward and adapters beside the attention projections.
    /// The model is called as before, and computes what it did before until the experts are trained.
    /// </summary>
    /// <param name="model">A model whose feed-forwards implement <see cref="IFeedForward"/> and, for attention adapters, whose attention implements <see cref="IAttention"/>.</param>
    /// <param name="options">How many experts, of which rank, and how they are combined. Default: 1 generalist and 1 specialist of rank 8.</param>
    /// <param name="logger">Hears of settings that have no effect.</param>
    /// <returns>The handle to what was added. It owns the model from now on.</returns>
    /// <exception cref="ArgumentException">The options break a rule; the message lists all of them.</exception>
    /// <exception cref="InvalidOperationException">The model has experts already, or nothing that experts could be put over.</exception>
    public static MoeModel AddExperts(this nn.Module<Tensor, Tensor> model, ExpertOptions? options = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ExpertOptions();
        var layout = options.ToLayout();
        StaticAdapters.RefuseAdapted(model);
        var fingerprint = BaseFingerprint.Of(model);
        var plan = Plan(model, "", new LinearHooks(model), layout, options.Seed).ToList();
        if (!plan.Any(p => p.Module is ExpertMixture))
        {
            throw new InvalidOperationException($"{model.GetType().Name} has no feed-forward that experts could be put over. Let its feed-forward modules implement IFeedForward.");
        }

        var trainable = BaseParameters.Freeze(model);
        try
        {
            Placement.PutAll(plan);
        }
        catch
        {
            BaseParameters.Unfreeze(model, trainable);
            throw;
        }

        layout = plan.Any(p => p.Module is LoraAdapter) ? layout : layout with { Attention = null };
        var moe = new MoeModel(model, layout, fingerprint, plan, trainable, Balance(layout, options, logger), options.LoadBalance);
        (logger ?? NullLogger.Instance).ExpertsAdded(model.GetType().Name, moe.Blocks.Count, layout.Generalists, layout.Specialists, moe.Parameters.Sum(p => p.Value.numel()));
        return moe;
    }

    /// <summary>What to put where; nothing is changed until the swaps are made.</summary>
    private static IEnumerable<Placement> Plan(nn.Module parent, string path, LinearHooks hooks, ExpertLayout layout, Seed seed)
    {
        foreach (var (name, child) in parent.named_children().ToList())
        {
            var childPath = path.Length == 0 ? name : $"{path}.{name}";
            if (child is IFeedForward feedForward)
            {
                var block = Block(feedForward, layout, seed.For(childPath));
                var (swap, swapBack) = ModuleSwap.Prepare(parent, name, block);
                yield return new(childPath, block, swap, () => { swapBack(); block.DisposeAllButBase(); });
            }
            else if (child is IAttention attention && layout.Attention is not null)
            {
                foreach (var projection in attention.AdaptedProjections)
                {
                    var projectionPath = $"{childPath}.{projection}";
                    var linear = Projection(child, projection, projectionPath);
                    var adapter = new LoraAdapter(linear.in_features, linear.out_features, layout.Attention, ParameterRole.Attention, seed.For(projectionPath));
                    yield return hooks.Prepare(projectionPath, linear, adapter);
                }
            }
            else
            {
                foreach (var inner in Plan(child, childPath, hooks, layout, seed))
                {
                    yield return inner;
                }
            }
        }
    }

    private static Linear Projection(nn.Module attention, string name, string path) =>
        attention.named_children().FirstOrDefault(c => c.name == name).module as Linear
        ?? throw new InvalidOperationException($"The attention names the projection '{path}', but has no Linear child of that name. Its children are {string.Join(", ", attention.named_children().Select(c => c.name))}.");

    private static MoeFeedForward Block(IFeedForward feedForward, ExpertLayout layout, Seed seed)
    {
        var inputs = feedForward.Inputs.Select(Shape).ToList();
        var output = Shape(feedForward.Output);
        var experts = Enumerable.Range(0, layout.Experts).Select(j =>
            new Expert(j < layout.Generalists ? ExpertRole.Generalist : ExpertRole.Specialist, inputs, output, layout.Lora, seed.For($"expert {j}")));
        IRouter router = layout.Router == RouterKind.Mean
            ? new UniformRouter(layout.Experts)
            : new TopKRouter(inputs[0].Inputs, layout.Experts, layout.TopK, seed.For("router"));
        return new MoeFeedForward(feedForward, [.. experts], router);
    }

    private static ProjectionShape Shape(FeedForwardPart part) => new(part.Name, part.Linear.in_features, part.Linear.out_features);

    private static ImportanceBalanceLoss? Balance(ExpertLayout layout, ExpertOptions options, ILogger? logger)
    {
        if (layout.Router == RouterKind.Mean || options.LoadBalance == 0)
        {
            return null;
        }

        var balance = new ImportanceBalanceLoss(layout.Generalists, options.GeneralistShare, options.UnselectedLogits);
        if (balance.IsConstant(layout.Experts, layout.TopK))
        {
            (logger ?? NullLogger.Instance).BalanceLossIsConstant(layout.Experts, layout.TopK, options.GeneralistShare);
        }

        return balance;
    }
}
