using System.Globalization;
using CoMiGS.Experts;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// The layer of FedAMoLE (arXiv 2411.19128) beside one frozen linear layer: a shared expert that every token takes, and assigned experts, which come and go by number:
/// <code>
///   y = W x + b + s B_sh A_sh x + sum_j w_j s B_j A_j x
/// </code>
/// This module computes the low-rank terms; a forward hook on the layer adds them. The router is given A_j x of all assigned experts, which are computed once, for routing and for the sum;
/// all down projections are one product, and all up projections another. Where inputs are dropped out, it is the same ones for all experts of the layer and for the router.
/// </summary>
public sealed class AmoleExperts : ExpertMixture
{
    private const string SharedName = "shared";

    [ComponentName(Name = SharedName)]
    private readonly Expert _shared;
    private readonly Func<int, Expert> _make;
    private int[] _ids;

    /// <summary>A layer with a shared expert and its first assigned ones.</summary>
    /// <param name="shared">The shared expert, with one adapter.</param>
    /// <param name="ids">Numbers of the assigned experts; at least one, each once.</param>
    /// <param name="make">Makes the expert of a number, with one adapter of the same shapes and rank, as it is before any training.</param>
    /// <param name="router">Routes over the assigned experts, however many there are.</param>
    public AmoleExperts(Expert shared, IReadOnlyCollection<int> ids, Func<int, Expert> make, IRouter router)
        : this(shared, Checked(ids), make, router)
    {
    }

    private AmoleExperts(Expert shared, int[] ids, Func<int, Expert> make, IRouter router)
        : base(nameof(AmoleExperts), null, [.. ids.Select(make)], router, Names(ids))
    {
        (_shared, _make, _ids) = (shared, make, ids);
        register_module(SharedName, shared);
    }

    /// <summary>The expert that every token takes.</summary>
    public Expert Shared => _shared;

    /// <summary>The numbers of the assigned experts, ascending, as <see cref="ExpertMixture.Experts"/> lists them.</summary>
    public IReadOnlyList<int> Ids => _ids;

    /// <inheritdoc/>
    public override IEnumerable<NamedParameter> AdapterParameters => Shared.AdapterParameters.Select(p => p.Under(SharedName)).Concat(base.AdapterParameters);

    /// <summary>The adapter of an assigned expert.</summary>
    /// <param name="id">Its number.</param>
    public LoraAdapter Adapter(int id) => Experts[Array.IndexOf(_ids, id)].Output;

    /// <summary>Told the layer's input (N, in) of every call.</summary>
    internal Action<Tensor>? InputObserver { get; set; }

    /// <summary>Takes other assigned experts. Those that stay keep their values, new ones begin untrained, the others are freed; a trainer has to take its parameters anew.</summary>
    /// <param name="ids">Their numbers; at least one, each once.</param>
    /// <exception cref="ArgumentException">There are none, or a number is negative or occurs twice.</exception>
    public void Hold(IReadOnlyCollection<int> ids)
    {
        var next = Checked(ids);
        if (next.SequenceEqual(_ids))
        {
            return;
        }

        var held = _ids.Zip(Experts).ToDictionary(pair => pair.First, pair => pair.Second);
        Exchange(Names(next), [.. next.Select(id => held.GetValueOrDefault(id) ?? Fresh(id))]);
        _ids = next;
    }

    /// <summary>s B_sh A_sh x + sum_j w_j s B_j A_j x.</summary>
    /// <param name="input">(..., in): the layer's input.</param>
    /// <returns>(..., out), of the adapters' type.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        LoraAdapter[] adapters = [Shared.Output, .. Experts.Select(e => e.Output)];
        var (config, type) = (Shared.Config, adapters[0].A.dtype);
        var x = input.reshape(-1, input.shape[^1]).Cast(type); // (N, in)
        InputObserver?.Invoke(x);
        if (training && config.Dropout > 0)
        {
            x = nn.functional.dropout(x, config.Dropout, training: true);
        }

        var down = nn.functional.linear(x, cat([.. adapters.Select(a => a.A)], 0)); // (N, (1 + n) r)
        var embeddings = down.narrow(1, config.Rank, (long)config.Rank * Experts.Count).reshape(-1, Experts.Count, config.Rank); // (N, n, r)
        var routing = Router.Route(x, embeddings);
        var weighted = (embeddings * routing.Gates.unsqueeze(-1)).reshape(-1, (long)config.Rank * Experts.Count); // (N, n r)
        var hidden = cat([down.narrow(1, 0, config.Rank), weighted], 1).Times(config.Factor); // (N, (1 + n) r)
        var update = nn.functional.linear(hidden, cat([.. adapters.Select(a => a.B)], 1)); // (N, out)
        Keep(routing);
        return update.reshape([.. input.shape[..^1], update.shape[1]]).MoveToOuterDisposeScope();
    }

    /// <summary>Expert 0 is the shared one; assigned ones go by number, not by place.</summary>
    internal override IEnumerable<(string Path, LoraAdapter Adapter)> Adapters(int expert, string path) => [(path, Shared.Output)];

    private Expert Fresh(int id)
    {
        var expert = _make(id);
        return (Expert)expert.to(Shared.Output.A.dtype);
    }

    private static string[] Names(int[] ids) => [.. ids.Select(id => id.ToString(CultureInfo.InvariantCulture))];

    private static int[] Checked(IReadOnlyCollection<int> ids) =>
        ids.Count > 0 && ids.All(id => id >= 0) && ids.Distinct().Count() == ids.Count
            ? [.. ids.Order()]
            : throw new ArgumentException($"The experts are [{string.Join(", ", ids)}]. Give at least one number from 0 on, each once.", nameof(ids));
}
