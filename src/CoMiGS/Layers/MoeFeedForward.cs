using CoMiGS.Experts;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// A mixture of LoRA experts over one frozen feed-forward (paper section 3; the block is handed its experts and its router, it builds neither):
/// <code>
///   h_j = c(P_1 x + s B_1j A_1j x, ..., P_m x + s B_mj A_mj x)
///   y   = O( sum_j w_j h_j ) + sum_j w_j s B_oj A_oj h_j + (sum_j w_j) b_o
/// </code>
/// The frozen products P_i x and O(...) are computed once, whatever n and k are: O is linear, so this is exact and not an approximation.
/// An expert computes only the tokens that selected it.
/// </summary>
public sealed class MoeFeedForward : nn.Module<Tensor, Tensor>, IAdapted
{
    // N tokens, d model width, f hidden width, n experts, k selected per token, N_j tokens of expert j
    private readonly IFeedForward _frozen;
    private readonly List<Expert> _experts;
    private readonly IRouter _router;
    private readonly Scalar _one = 1.0.ToScalar();

    /// <summary>A block over <paramref name="frozen"/>, which this module takes over.</summary>
    /// <param name="frozen">The feed-forward of the base model; also a <c>torch.nn.Module</c>.</param>
    /// <param name="experts">At least one expert, generalists first.</param>
    /// <param name="router">Routes over exactly these experts.</param>
    /// <exception cref="ArgumentException">No experts, a specialist before a generalist, or a feed-forward that is no module.</exception>
    public MoeFeedForward(IFeedForward frozen, IReadOnlyList<Expert> experts, IRouter router)
        : base(nameof(MoeFeedForward))
    {
        if (experts.Count == 0)
        {
            throw new ArgumentException("A block needs at least one expert, but got none. Add a generalist or a specialist.", nameof(experts));
        }

        if (!experts.Select(e => e.Role).SequenceEqual(experts.Select(e => e.Role).Order()))
        {
            throw new ArgumentException($"The experts are {string.Join(", ", experts.Select(e => e.Role))}. Put all generalists before the specialists.", nameof(experts));
        }

        _frozen = frozen;
        _experts = [.. experts];
        _router = router;
        register_module("base_layer", frozen as nn.Module ?? throw new ArgumentException($"{frozen.GetType().Name} is no torch.nn.Module, so its weights could not be saved or moved.", nameof(frozen)));
        register_module("experts", new ModuleList<Expert>([.. experts]));
        if (router is nn.Module learnt)
        {
            register_module("router", learnt);
        }
    }

    /// <summary>The experts, generalists first.</summary>
    public IReadOnlyList<Expert> Experts => _experts;

    /// <summary>The router.</summary>
    public IRouter Router => _router;

    /// <summary>G, the number of generalists; they come first.</summary>
    public int Generalists => _experts.Count(e => e.Role == ExpertRole.Generalist);

    /// <summary>What the router decided in the last forward pass with gradients; null after one without. Owned by the block until the next pass.</summary>
    public RoutingDecision? LastRouting { get; private set; }

    /// <inheritdoc/>
    public IEnumerable<NamedParameter> AdapterParameters =>
        _experts.SelectMany((expert, j) => expert.AdapterParameters.Select(p => p.Under($"experts.{j}")))
            .Concat(_router is IAdapted learnt ? learnt.AdapterParameters.Select(p => p.Under("router")) : []);

    internal Action<RoutingDecision>? Observer { get; set; }

    /// <summary>The mixture's output.</summary>
    /// <param name="input">(..., d): the block's normalised input.</param>
    /// <returns>(..., d), of the input's type.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input.reshape(-1, input.shape[^1]); // (N, d)
        var routing = _router.Route(x);
        var projected = _frozen.Inputs.Select(p => p.Linear.call(x)).ToArray(); // m x (N, f)
        var (hidden, update) = Mix(x, projected, routing); // (N, f), (N, d)
        var output = Project(hidden.Cast(x.dtype), routing) + update; // (N, d)
        Keep(routing);
        return output.Cast(input.dtype).reshape(input.shape).MoveToOuterDisposeScope();
    }

    /// <summary>sum_j w_j h_j and sum_j w_j s B_oj A_oj h_j, over all experts.</summary>
    private (Tensor Hidden, Tensor Update) Mix(Tensor x, Tensor[] projected, RoutingDecision routing)
    {
        Tensor? hidden = null;
        Tensor? update = null;
        for (var j = 0; j < _experts.Count; j++)
        {
            var gate = routing.Gates.narrow(1, j, 1); // (N, 1)
            if (routing.Selected is null)
            {
                var (h, o) = Weighted(_experts[j], x, projected, gate);
                hidden = hidden is null ? h : hidden + h;
                update = update is null ? o : update + o;
                continue;
            }

            var tokens = routing.Selected.select(1, j).nonzero().squeeze(1); // (N_j)
            if (tokens.shape[0] == 0)
            {
                continue;
            }

            var rows = projected.Select(p => p.index_select(0, tokens)).ToArray(); // m x (N_j, f)
            var (part, delta) = Weighted(_experts[j], x.index_select(0, tokens), rows, gate.index_select(0, tokens));
            hidden ??= zeros([x.shape[0], part.shape[1]], part.dtype, part.device);
            update ??= zeros([x.shape[0], delta.shape[1]], delta.dtype, delta.device);
            hidden.index_add_(0, tokens, part, _one); // in place: a sum for each expert would be kept until the end of the block
            update.index_add_(0, tokens, delta, _one);
        }

        return (hidden!, update!);
    }

    /// <summary>w h and w s B_o A_o h of one expert, for the tokens it is given.</summary>
    private (Tensor Hidden, Tensor Update) Weighted(Expert expert, Tensor x, Tensor[] projected, Tensor gate)
    {
        var adapted = new Tensor[projected.Length];
        for (var i = 0; i < projected.Length; i++)
        {
            adapted[i] = projected[i] + expert.Input(i).call(x); // (N_j, f)
        }

        var weighted = _frozen.Combine(adapted) * gate; // (N_j, f)
        return (weighted, expert.Output.call(weighted)); // s B A is linear: w s B A h = s B A (w h)
    }

    /// <summary>O applied to the mixed hidden state; the bias counts as often as the gates sum to.</summary>
    private Tensor Project(Tensor hidden, RoutingDecision routing)
    {
        var output = _frozen.Output.Linear;
        if (routing.SumsToOne || output.bias is null)
        {
            return output.call(hidden);
        }

        var mass = routing.Gates.sum(1L, keepdim: true).Cast(hidden.dtype); // (N, 1)
        return nn.functional.linear(hidden, output.weight) + (mass * output.bias);
    }

    /// <summary>Keeps the decision beyond the scopes of the model, for the balance loss; without gradients nobody needs it.</summary>
    private void Keep(RoutingDecision routing)
    {
        Observer?.Invoke(routing);
        LastRouting?.Dispose();
        LastRouting = is_grad_enabled() ? routing.DetachFromDisposeScope() : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        LastRouting?.Dispose();
        LastRouting = null;
        base.Dispose(disposing);
    }
}
