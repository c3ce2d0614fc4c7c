using CoMiGS.Experts;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>Experts and the router that chooses among them, over one part of a frozen model.</summary>
public abstract class ExpertMixture : nn.Module<Tensor, Tensor>, IAdapted
{
    internal const string BaseLayer = "base_layer";

    [ComponentName(Name = "experts")]
    private readonly ExpertList _experts;

    [ComponentName(Name = "router")]
    private readonly IRouter _router;

    private readonly Scalar _one = 1.0.ToScalar();
    private RoutingDecision? _last;

    /// <summary>Registers the parts in the order in which they are saved.</summary>
    /// <param name="name">Name of the kind of mixture.</param>
    /// <param name="frozen">The part of the base model that the mixture takes over, or null if that stays in its place.</param>
    /// <param name="experts">At least one expert, generalists first.</param>
    /// <param name="router">Routes over exactly these experts.</param>
    /// <param name="names">What the experts are called in the names of parameters. Default: their numbers, from 0.</param>
    /// <exception cref="ArgumentException">No experts, or a specialist before a generalist.</exception>
    private protected ExpertMixture(string name, nn.Module? frozen, IReadOnlyList<Expert> experts, IRouter router, IReadOnlyList<string>? names = null)
        : base(name)
    {
        if (experts.Count == 0)
        {
            throw new ArgumentException("A block needs at least one expert, but got none. Add a generalist or a specialist.", nameof(experts));
        }

        if (!experts.Select(e => e.Role).SequenceEqual(experts.Select(e => e.Role).Order()))
        {
            throw new ArgumentException($"The experts are {string.Join(", ", experts.Select(e => e.Role))}. Put all generalists before the specialists.", nameof(experts));
        }

        _experts = new(names ?? [.. experts.Select((_, j) => $"{j}")], experts);
        _router = router;
        if (frozen is not null)
        {
            register_module(BaseLayer, frozen);
        }

        register_module("experts", _experts);
        if (router is nn.Module learnt)
        {
            register_module("router", learnt);
        }
    }

    /// <summary>The experts, generalists first.</summary>
    public IReadOnlyList<Expert> Experts => _experts.Experts;

    /// <summary>The router.</summary>
    public IRouter Router => _router;

    /// <summary>G, the number of generalists; they come first.</summary>
    public int Generalists => Experts.Count(e => e.Role == ExpertRole.Generalist);

    /// <summary>What the router decided in the last forward pass with gradients; null after one without. Owned by the block until the next pass.</summary>
    public RoutingDecision? LastRouting => _last;

    /// <inheritdoc/>
    public virtual IEnumerable<NamedParameter> AdapterParameters =>
        Experts.Zip(_experts.Names, (expert, name) => expert.AdapterParameters.Select(p => p.Under($"experts.{name}"))).SelectMany(parameters => parameters)
            .Concat(_router is IAdapted learnt ? learnt.AdapterParameters.Select(p => p.Under("router")) : []);

    internal Action<RoutingDecision>? Observer { get; set; }

    /// <summary>What decides in place of the router, or null.</summary>
    internal IRouter? Given { get; set; }

    /// <summary>The adapters of an expert by the path of the linear layer they adapt.</summary>
    /// <param name="expert">Its number.</param>
    /// <param name="path">Path of the mixture in the model.</param>
    internal abstract IEnumerable<(string Path, LoraAdapter Adapter)> Adapters(int expert, string path);

    /// <summary>Who takes whom: the router's decision, unless gates are given.</summary>
    /// <param name="tokens">(N, d).</param>
    private protected RoutingDecision Route(Tensor tokens) => (Given ?? _router).Route(tokens);

    /// <summary>Sums of what the experts compute for the tokens that take them.</summary>
    /// <param name="routing">Who takes whom, for N tokens.</param>
    /// <param name="compute">Computes some tensors for expert j; the function it gets narrows (N, ...) to the rows of that expert's tokens.</param>
    private protected Tensor[] Sum(RoutingDecision routing, Func<int, Func<Tensor, Tensor>, Tensor[]> compute)
    {
        Tensor[]? sums = null;
        for (var j = 0; j < Experts.Count; j++)
        {
            if (routing.Selected is null)
            {
                var all = compute(j, rows => rows);
                sums = sums is null ? all : [.. sums.Zip(all, (sum, part) => sum.Plus(part))];
                continue;
            }

            var tokens = routing.Selected.select(1, j).nonzero().squeeze(1); // (N_j)
            if (tokens.shape[0] == 0 && (sums is not null || j < Experts.Count - 1))
            {
                continue; // the last one says what sums of nothing look like
            }

            var parts = compute(j, rows => rows.index_select(0, tokens));
            sums ??= [.. parts.Select(part => zeros([routing.Gates.shape[0], part.shape[1]], part.dtype, part.device))];
            for (var i = 0; i < parts.Length; i++)
            {
                sums[i].index_add_(0, tokens, parts[i], _one); // in place: a sum for each expert would be kept until the end of the block
            }
        }

        return sums!;
    }

    /// <summary>Replaces the experts; those that are not among the new ones are freed.</summary>
    private protected void Exchange(IReadOnlyList<string> names, IReadOnlyList<Expert> experts) => _experts.Exchange(names, experts);

    /// <summary>Keeps the router's decision beyond the scopes of the model, for the balance loss; without gradients nobody needs it.</summary>
    private protected void Keep(RoutingDecision routing)
    {
        Observer?.Invoke(routing);
        Interlocked.Exchange(ref _last, is_grad_enabled() && Given is null ? routing.DetachFromDisposeScope() : null)?.Dispose(); // several threads may evaluate at once
    }

    /// <summary>Lets go of the part of the base model and frees the rest.</summary>
    internal void DisposeAllButBase()
    {
        register_module(BaseLayer, null!);
        Dispose();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Interlocked.Exchange(ref _last, null)?.Dispose();
        base.Dispose(disposing);
    }
}
