using CoMiGS.Layers;
using CoMiGS.Parameters;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Planning;

/// <summary>What goes where in a model. It looks and checks; the model is changed only when the placements are put.</summary>
internal sealed class ExpertPlan
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly ModelLayers _layers;

    private ExpertPlan(nn.Module<Tensor, Tensor> model, ModelLayers layers, IReadOnlyList<(string Path, Linear Layer)> targets, IReadOnlyList<(string Path, Linear Layer)> attention, IReadOnlyList<string> unmatched)
    {
        _model = model;
        _layers = layers;
        Targets = targets;
        Attention = attention;
        Unmatched = unmatched;
    }

    /// <summary>The feed-forwards that get experts.</summary>
    public IEnumerable<IFeedForward> FeedForwards => _layers.FeedForwards.Select(f => f.Opened);

    /// <summary>The single linear layers that get experts, those of the attention among them where it is routed.</summary>
    public IReadOnlyList<(string Path, Linear Layer)> Targets { get; }

    /// <summary>The linear layers that get an attention adapter.</summary>
    public IReadOnlyList<(string Path, Linear Layer)> Attention { get; }

    /// <summary>Names among the targets that match nothing although others do.</summary>
    public IReadOnlyList<string> Unmatched { get; }

    /// <param name="model">A bare model.</param>
    /// <param name="places">What the user asks for.</param>
    /// <param name="withAttention">Whether attention adapters are wanted.</param>
    /// <param name="routesAttention">Whether they are experts.</param>
    /// <exception cref="InvalidOperationException">There is nothing that experts could be put over or beside, or a pattern matches nothing.</exception>
    public static ExpertPlan For(nn.Module<Tensor, Tensor> model, ExpertPlaces places, bool withAttention, bool routesAttention)
    {
        var layers = ModelLayers.Of(model, places);
        var targets = places.Targets is null ? [] : LinearSelection.Find(model, layers, places.Targets, places.Excluded, "TargetModules");
        if (layers.FeedForwards.Count == 0 && targets.Count == 0)
        {
            throw new InvalidOperationException(
                $"{model.GetType().Name} has no feed-forward that experts could be put over. Let its feed-forward modules implement IFeedForward, say by FeedForward how its own classes open up, or name linear layers by TargetModules.");
        }

        var attention = !withAttention ? []
            : places.Attention is not null ? LinearSelection.Find(model, layers, places.Attention, places.Excluded, "AttentionModules")
            : layers.Linears.Where(l => layers.IsAttention(l.Layer) && places.Excluded?.Matches(l.Path) != true).Select(l => l.Layer).ToHashSet();
        if (routesAttention)
        {
            targets = [.. targets, .. attention];
        }

        return new(
            model,
            layers,
            [.. layers.Linears.Where(l => targets.Contains(l.Layer))],
            [.. layers.Linears.Where(l => attention.Contains(l.Layer) && !targets.Contains(l.Layer))],
            places.Targets is null ? [] : [.. LinearSelection.Unmatched(layers, places.Targets)]);
    }

    /// <summary>Makes the experts and prepares their placements, in the order of the model.</summary>
    /// <exception cref="InvalidOperationException">A feed-forward computes something else than its parts, or its parent cannot hold the block, or the model not the experts.</exception>
    public IReadOnlyList<Placement> Prepare(ExpertLayout layout, Seed seed)
    {
        var swaps = _layers.FeedForwards.Select(f => ModuleSwap.Prepare(f.Parent, f.Name, typeof(MoeFeedForward))).ToList();
        foreach (var (path, _, _, module, opened) in _layers.FeedForwards)
        {
            FeedForwardProbe.Check(path, module, opened);
        }

        var factory = new ExpertFactory(layout, seed);
        var beside = Targets.Count + Attention.Count == 0 ? [] : Beside(new LinearHooks(_model), factory);
        var placements = _layers.FeedForwards.Select((f, i) => Over(f.Path, f.Module, factory.Over(f.Path, f.Module, f.Opened), swaps[i])).Concat(beside);
        var order = _layers.Order.Index().ToDictionary(o => o.Item, o => o.Index);
        return [.. placements.OrderBy(p => order[p.Path])];
    }

    private IEnumerable<Placement> Beside(LinearHooks hooks, ExpertFactory factory) =>
        Targets.Select(t => hooks.Prepare(t.Path, t.Layer, factory.Beside(t.Path, t.Layer)))
            .Concat(Attention.Select(a => hooks.Prepare(a.Path, a.Layer, factory.Attention(a.Path, a.Layer))));

    private static Placement Over(string path, nn.Module module, MoeFeedForward block, Action<nn.Module> exchange) => new(
        path,
        block,
        () => exchange(block),
        () =>
        {
            exchange(module);
            block.DisposeAllButBase();
        });
}
