using System.Globalization;
using CoMiGS.Experts;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// A model with experts in it: the handle that <c>AddExperts</c> returns. The model itself is called as before; this handle knows which of its
/// parameters are trained, which may be shared, and what the routers did.
/// </summary>
public sealed class MoeModel : IDisposable
{
    private readonly IReadOnlyList<Placement> _placements;
    private readonly List<(string Path, ExpertMixture Block)> _mixtures;
    private readonly IReadOnlySet<string> _trainable;
    private readonly IBalanceLoss? _balance;
    private readonly double _balanceWeight;
    private bool _removed;

    /// <param name="model">The model; the placements are in it.</param>
    /// <param name="layout">What was put in.</param>
    /// <param name="baseFingerprint">Of the bare base model.</param>
    /// <param name="placements">Where it was put.</param>
    /// <param name="trainable">Names of the base's parameters that had gradients before.</param>
    /// <param name="balance">The load-balancing loss, if there is one.</param>
    /// <param name="balanceWeight">Its weight.</param>
    internal MoeModel(
        nn.Module<Tensor, Tensor> model,
        ExpertLayout layout,
        string baseFingerprint,
        IReadOnlyList<Placement> placements,
        IReadOnlySet<string> trainable,
        IBalanceLoss? balance = null,
        double balanceWeight = 0)
    {
        Model = model;
        Layout = layout;
        BaseFingerprint = baseFingerprint;
        _placements = placements;
        _mixtures = [.. placements.Where(p => p.Module is ExpertMixture).Select(p => (p.Path, (ExpertMixture)p.Module))];
        _trainable = trainable;
        _balance = balance;
        _balanceWeight = balanceWeight;
    }

    /// <summary>The model, with its experts.</summary>
    public nn.Module<Tensor, Tensor> Model { get; }

    /// <summary>What was put in.</summary>
    public ExpertLayout Layout { get; }

    /// <summary>SHA-256 of the base model, in hexadecimal; devices with different ones cannot share experts.</summary>
    public string BaseFingerprint { get; }

    internal ServingGate Serving { get; } = new();

    /// <summary>The load-balancing loss in words, for comparing one with another.</summary>
    internal string BalanceDescription => string.Create(CultureInfo.InvariantCulture, $"{_balanceWeight} * {_balance?.ToString() ?? "none"}");

    /// <summary>The mixtures of experts, over feed-forwards and beside single linear layers, in the order of the model.</summary>
    public IReadOnlyList<ExpertMixture> Blocks => [.. Mixtures.Select(b => b.Block)];

    /// <summary>Those with assigned experts.</summary>
    internal IReadOnlyList<(string Path, AmoleExperts Block)> AmoleLayers => [.. Mixtures.Where(b => b.Block is AmoleExperts).Select(b => (b.Path, (AmoleExperts)b.Block))];

    /// <summary>All trained parameters with full names, for example <c>h.0.mlp.experts.0.c_fc.lora_A</c>, in the order of the model.</summary>
    public IReadOnlyList<NamedParameter> Parameters =>
        [.. Placements.SelectMany(a => a.Module.AdapterParameters.Select(p => p.Under(a.Path)))];

    /// <summary>The parameters the expert steps train: generalists, specialists and attention adapters.</summary>
    public IEnumerable<Parameter> ExpertParameters() => Parameters.Where(p => p.Role != ParameterRole.Router).Select(p => p.Value);

    /// <summary>The parameters the router steps train; empty where nothing is routed.</summary>
    public IEnumerable<Parameter> RouterParameters() => Parameters.Where(p => p.Role == ParameterRole.Router).Select(p => p.Value);

    /// <summary>The parameters that may leave the device, by role.</summary>
    /// <param name="roles">The allow-list. Default: generalists and attention adapters.</param>
    public IReadOnlyList<NamedParameter> SharedParameters(SharedRoles? roles = null)
    {
        var allowed = roles ?? SharedRoles.Default;
        return [.. Parameters.Where(p => allowed.Contains(p))];
    }

    /// <summary>The adapters, grouped by expert over all layers; assigned experts by their number, over the layers that hold it; the attention adapters, if any, come last.</summary>
    public IReadOnlyList<AdapterGroup> AdapterGroups()
    {
        var single = Placements.Where(p => p.Module is LoraAdapter).Select(p => (p.Path, Adapter: (LoraAdapter)p.Module)).ToLookup(a => a.Adapter.Role);
        var groups = new List<AdapterGroup>();
        for (var j = 0; j < Layout.Experts; j++)
        {
            var generalist = j < Layout.Generalists;
            var role = generalist ? ParameterRole.Generalist : ParameterRole.Specialist;
            groups.Add(new(
                generalist ? $"generalist-{j}" : $"specialist-{j - Layout.Generalists}",
                role,
                Layout.Lora,
                [.. Mixtures.SelectMany(b => b.Block.Adapters(j, b.Path)), .. single[role]]));
        }

        var assigned = AmoleLayers;
        foreach (var id in assigned.SelectMany(b => b.Block.Ids).Distinct().Order())
        {
            groups.Add(new($"assigned-{id}", ParameterRole.Assigned, Layout.Lora, [.. assigned.Where(b => b.Block.Ids.Contains(id)).Select(b => (b.Path, b.Block.Adapter(id)))]));
        }

        if (Layout.Attention is not null)
        {
            groups.Add(new("attention", ParameterRole.Attention, Layout.Attention, [.. single[ParameterRole.Attention]]));
        }

        return groups;
    }

    /// <summary>The routers' weights by the path of their block; empty where nothing is routed.</summary>
    public IReadOnlyList<NamedParameter> Routers() => [.. Parameters.Where(p => p.Role == ParameterRole.Router)];

    /// <summary>The weighted load-balancing loss of the last forward pass, averaged over the layers; zero where it is off.</summary>
    /// <returns>A scalar to add to the loss; zero while gates are given (<see cref="WithGates"/>).</returns>
    /// <exception cref="InvalidOperationException">The last forward pass had no gradients, or there was none.</exception>
    public Tensor BalanceLoss()
    {
        if (_balance is null || _balanceWeight == 0 || Mixtures[0].Block.Given is not null)
        {
            return zeros([], ScalarType.Float32, Model.parameters().First().device);
        }

        using var scope = NewDisposeScope();
        var losses = Mixtures.Select(b => _balance.Compute(LastRouting(b.Path, b.Block)));
        return losses.Aggregate((sum, next) => sum.Plus(next)).Times(_balanceWeight / Mixtures.Count).MoveToOuterDisposeScope();
    }

    /// <summary>Records what the routers decide until the result is disposed.</summary>
    /// <param name="keepTokens">Whether to keep the gates of every single token, for pictures; costs n floats a token and layer.</param>
    /// <exception cref="InvalidOperationException">Another recording is under way.</exception>
    public RoutingStatistics RecordRouting(bool keepTokens = false)
    {
        if (Mixtures.Any(b => b.Block.Observer is not null))
        {
            throw new InvalidOperationException("The routing of this model is being recorded already. Dispose the first RoutingStatistics before starting another.");
        }

        var statistics = new RoutingStatistics(
            Mixtures.Select(b => new LayerRouting(b.Path, b.Block.Experts.Count, b.Block.Generalists, keepTokens)),
            () => Mixtures.ForEach(b => b.Block.Observer = null));
        for (var i = 0; i < Mixtures.Count; i++)
        {
            var layer = i;
            Mixtures[i].Block.Observer = decision => statistics.Record(layer, decision);
        }

        return statistics;
    }

    /// <summary>Begins a request: until the result is disposed, no <c>SwapAsync</c> exchanges the experts. Waits while one does.</summary>
    /// <remarks>Any number of requests, on any threads, run at the same time, each outside of gradients (<c>no_grad</c> or <c>inference_mode</c>). Begin none inside another:
    /// an exchange that waits in between lets neither go on. <c>TokenGenerator</c> and <c>Save</c> begin one of their own.</remarks>
    /// <returns>Ends the request when disposed.</returns>
    public IDisposable Serve() => Serving.Enter();

    /// <summary>As <see cref="Serve"/>, without holding a thread while it waits.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<IDisposable> ServeAsync(CancellationToken cancellationToken = default) => Serving.EnterAsync(cancellationToken);

    /// <summary>Lets constant gates stand in for the routers, in every layer and for every token, until the result is disposed. Experts of weight zero are not computed.</summary>
    /// <remarks>For training and evaluation; not while requests are served.</remarks>
    /// <param name="gates">n weights that sum to one, generalists first.</param>
    /// <exception cref="ArgumentException">There are not n of them, one is negative, or they do not sum to one.</exception>
    /// <exception cref="InvalidOperationException">Other gates are given already, or experts are assigned, so that each layer has others.</exception>
    public IDisposable WithGates(IReadOnlyList<double> gates)
    {
        ArgumentNullException.ThrowIfNull(gates);
        if (Layout.Router == RouterKind.Embedding)
        {
            throw new InvalidOperationException("Gates cannot be given where experts are assigned: each layer has others. Use RouterKind.TopK or Mean.");
        }

        return gates.Count == Layout.Experts
            ? new GivenGates(Blocks, gates)
            : throw new ArgumentException($"There are {gates.Count} gates, but {Layout.Experts} experts. Give one for each, generalists first.", nameof(gates));
    }

    /// <summary>Lets only the experts of one kind compute, by their plain mean, until the result is disposed. Attention adapters that are no experts stay as they are.</summary>
    /// <param name="role">The kind; there is at least one expert of it.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="InvalidOperationException">Gates are given already, or experts are assigned.</exception>
    public IDisposable Only(ExpertRole role)
    {
        var count = role == ExpertRole.Generalist ? Layout.Generalists : Layout.Specialists;
        return count > 0
            ? WithGates([.. Enumerable.Range(0, Layout.Experts).Select(j => (j < Layout.Generalists) == (role == ExpertRole.Generalist) ? 1.0 / count : 0)])
            : throw new ArgumentException($"The model has no {role.ToString().ToLowerInvariant()}. It has {Layout.Generalists} generalists and {Layout.Specialists} specialists.", nameof(role));
    }

    /// <summary>Makes every specialist a copy of a generalist, of the first, the second and so on in turn: as if it had learnt what they have.</summary>
    /// <exception cref="InvalidOperationException">There is no generalist.</exception>
    public void CopyGeneralistsToSpecialists()
    {
        if (Layout.Generalists == 0)
        {
            throw new InvalidOperationException("The model has no generalist to copy. Give it one with ExpertOptions.Generalists.");
        }

        using var noGrad = no_grad();
        foreach (var block in Blocks)
        {
            for (var j = Layout.Generalists; j < Layout.Experts; j++)
            {
                foreach (var (from, to) in block.Experts[j % Layout.Generalists].AdapterParameters.Zip(block.Experts[j].AdapterParameters))
                {
                    to.Value.copy_(from.Value);
                }
            }
        }
    }

    /// <summary>Gives the shared parameters the values that <paramref name="seed"/> stands for: the same numbers on every device and platform.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="roles">Which roles. Default: generalists and attention adapters.</param>
    public void InitialiseShared(Seed seed, SharedRoles? roles = null)
    {
        foreach (var parameter in SharedParameters(roles))
        {
            parameter.Initialise(seed);
        }
    }

    /// <summary>
    /// Takes everything out again and frees it: the model is the one it was before, to the last bit of its outputs. Its parameters can be trained again if they
    /// could be before, and experts can be added anew. This handle is of no use afterwards, and no longer owns the model.
    /// </summary>
    /// <returns>The bare model.</returns>
    /// <exception cref="ObjectDisposedException">The experts were removed before.</exception>
    public nn.Module<Tensor, Tensor> RemoveExperts()
    {
        Placement.TakeOutAll(Placements);
        _removed = true;
        BaseParameters.Unfreeze(Model, _trainable);
        return Model;
    }

    /// <summary>
    /// Adds the experts to the weights of the base and takes them out: afterwards the model computes the same, up to rounding, without them. That is possible where
    /// they are the same for every token: one expert, attention adapters, a plain mean beside single linear layers. This handle is of no use afterwards, and no
    /// longer owns the model. The base is another one then, with another fingerprint: experts that were trained on the old one no longer fit it.
    /// </summary>
    /// <remarks>Sums are computed in float32, in float64 for a base of that type, and rounded once. Either all is merged or nothing.</remarks>
    /// <returns>The bare model.</returns>
    /// <exception cref="InvalidOperationException">Experts are weighed per token, or their mean is taken behind an activation; the message lists every reason. Or requests are being served.</exception>
    /// <exception cref="ObjectDisposedException">The experts were removed before.</exception>
    public nn.Module<Tensor, Tensor> MergeIntoBase()
    {
        using var alone = Serving.EnterAloneNow();
        BaseMerge.Merge(Model, Placements);
        return RemoveExperts();
    }

    /// <summary>Disposes the model with everything in it, unless the experts were removed.</summary>
    public void Dispose()
    {
        if (!_removed)
        {
            Model.Dispose();
        }
    }

    private List<(string Path, ExpertMixture Block)> Mixtures => Placements.Count == 0 ? [] : _mixtures;

    private IReadOnlyList<Placement> Placements =>
        _removed ? throw new ObjectDisposedException(nameof(MoeModel), "The experts were removed from the model. Call AddExperts for new ones.") : _placements;

    private static RoutingDecision LastRouting(string path, ExpertMixture block) =>
        block.LastRouting ?? throw new InvalidOperationException($"The block '{path}' has not run with gradients. Call the model, outside no_grad and inference_mode, before BalanceLoss().");
}
