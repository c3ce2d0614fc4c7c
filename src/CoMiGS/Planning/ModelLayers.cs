using CoMiGS.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Planning;

/// <summary>The parts of a model that can carry experts or adapters, in the order of the model.</summary>
internal sealed class ModelLayers
{
    private readonly List<(string Path, nn.Module Parent, string Name, nn.Module<Tensor, Tensor> Module, IFeedForward Opened)> _feedForwards = [];
    private readonly List<(string Path, Linear Layer)> _linears = [];
    private readonly HashSet<Linear> _attention = [];
    private readonly HashSet<FeedForwardRule> _used = [];
    private readonly List<string> _order = [];

    private ModelLayers()
    {
    }

    /// <summary>The feed-forwards that are taken over, opened up.</summary>
    public IReadOnlyList<(string Path, nn.Module Parent, string Name, nn.Module<Tensor, Tensor> Module, IFeedForward Opened)> FeedForwards => _feedForwards;

    /// <summary>All linear layers outside of those; one that is shared is listed once.</summary>
    public IReadOnlyList<(string Path, Linear Layer)> Linears => _linears;

    /// <summary>Paths of all modules looked at, parents first.</summary>
    public IReadOnlyList<string> Order => _order;

    /// <param name="model">The model; nothing of it is changed.</param>
    /// <param name="places">Which feed-forwards are taken over.</param>
    /// <exception cref="InvalidOperationException">A rule applies to nothing, or to a module that does not open up that way.</exception>
    public static ModelLayers Of(nn.Module model, ExpertPlaces places)
    {
        var layers = new ModelLayers();
        layers.Walk(model, "", places);
        if (places.FeedForwards.FirstOrDefault(r => !layers._used.Contains(r)) is { } unused)
        {
            var near = unused.Pattern is null ? "" : NearMisses.Of(unused.Pattern, layers._order);
            var types = model.modules().Where(m => m.named_children().Any()).Select(m => m.GetType().Name).Distinct();
            throw new InvalidOperationException($"{unused.Text} applies to no module of {model.GetType().Name}. {near}It has modules of the types {string.Join(", ", types)}.");
        }

        return layers;
    }

    /// <summary>Whether an attention module names this layer as one that may carry an adapter.</summary>
    public bool IsAttention(Linear layer) => _attention.Contains(layer);

    private void Walk(nn.Module parent, string path, ExpertPlaces places)
    {
        foreach (var (name, child) in parent.named_children())
        {
            var childPath = path.Length == 0 ? name : $"{path}.{name}";
            _order.Add(childPath);
            if (places.FeedForwards.FirstOrDefault(r => r.Applies(childPath, child)) is { } rule)
            {
                _used.Add(rule);
                _feedForwards.Add((childPath, parent, name, child as nn.Module<Tensor, Tensor> ?? throw new InvalidOperationException($"{rule.Text} applies to '{childPath}', but a {child.GetType().Name} is no Module<Tensor, Tensor>."), rule.Apply(childPath, child)));
            }
            else if (places.Targets is null && child is IFeedForward own && child is nn.Module<Tensor, Tensor> feedForward)
            {
                _feedForwards.Add((childPath, parent, name, feedForward, own));
            }
            else if (child is Linear layer)
            {
                if (_linears.All(l => !ReferenceEquals(l.Layer, layer)))
                {
                    _linears.Add((childPath, layer));
                }
            }
            else
            {
                if (child is IAttention attention)
                {
                    _attention.UnionWith(attention.AdaptedProjections.Select(projection => Projection(child, projection, $"{childPath}.{projection}")));
                }

                Walk(child, childPath, places);
            }
        }
    }

    private static Linear Projection(nn.Module attention, string name, string path) =>
        attention.named_children().FirstOrDefault(c => c.name == name).module as Linear
        ?? throw new InvalidOperationException($"The attention names the projection '{path}', but has no Linear child of that name. Its children are {string.Join(", ", attention.named_children().Select(c => c.name))}.");
}
