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
        if (model.modules().Any(m => m is IAdapted))
        {
            throw new InvalidOperationException($"{model.GetType().Name} has experts or adapters already. Add experts once, to the bare base model.");
        }

        var fingerprint = BaseFingerprint.Of(model);
        foreach (var parameter in model.parameters())
        {
            parameter.requires_grad = false;
        }

        var adapted = new List<(string Path, IAdapted Module)>();
        Insert(model, "", layout, options.Seed, adapted);
        if (!adapted.Any(a => a.Module is MoeFeedForward))
        {
            throw new InvalidOperationException($"{model.GetType().Name} has no feed-forward that experts could be put over. Let its feed-forward modules implement IFeedForward.");
        }

        var moe = new MoeModel(model, layout, fingerprint, adapted, Balance(layout, options, logger), options.LoadBalance);
        (logger ?? NullLogger.Instance).ExpertsAdded(model.GetType().Name, moe.Blocks.Count, layout.Generalists, layout.Specialists, moe.Parameters.Sum(p => p.Value.numel()));
        return moe;
    }

    private static void Insert(nn.Module parent, string path, ExpertLayout layout, Seed seed, List<(string, IAdapted)> adapted)
    {
        foreach (var (name, child) in parent.named_children().ToList())
        {
            var childPath = path.Length == 0 ? name : $"{path}.{name}";
            if (child is IFeedForward feedForward)
            {
                var block = Block(feedForward, layout, seed.For(childPath));
                ModuleSwap.Replace(parent, name, block);
                adapted.Add((childPath, block));
                continue;
            }

            if (child is IAttention attention && layout.Attention is not null)
            {
                foreach (var projection in attention.AdaptedProjections)
                {
                    adapted.Add(Adapt(child, projection, $"{childPath}.{projection}", layout.Attention, seed));
                }

                continue;
            }

            Insert(child, childPath, layout, seed, adapted);
        }
    }

    private static (string, IAdapted) Adapt(nn.Module attention, string projection, string path, LoraConfig config, Seed seed)
    {
        if (attention.named_children().FirstOrDefault(c => c.name == projection).module is not Linear linear)
        {
            throw new InvalidOperationException($"The attention '{path}' names the projection '{projection}', but has no Linear child of that name. Its children are {string.Join(", ", attention.named_children().Select(c => c.name))}.");
        }

        var adapter = new LoraLinear(linear, config, ParameterRole.Attention, seed.For(path));
        ModuleSwap.Replace(attention, projection, adapter);
        return (path, adapter);
    }

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
