using CoMiGS.Experts;
using CoMiGS.Kernels;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using TorchSharp;
using TorchSharp.Utils;
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
public sealed class MoeFeedForward : ExpertMixture
{
    // N tokens, d model width, f hidden width, n experts, k selected per token, N_j tokens of expert j
    [ComponentName(Name = BaseLayer)]
    private readonly IFeedForward _frozen;
    private readonly Scalar _factor; // of the fused path, where all experts have the same
    private readonly LoraAdapter[] _inputs; // n m
    private readonly LoraAdapter[] _outputs; // n

    /// <summary>A block over <paramref name="frozen"/>, which this module takes over.</summary>
    /// <param name="frozen">The feed-forward of the base model, opened up.</param>
    /// <param name="experts">At least one expert, generalists first.</param>
    /// <param name="router">Routes over exactly these experts.</param>
    /// <param name="module">The module that the parts of <paramref name="frozen"/> belong to. Default: itself.</param>
    /// <exception cref="ArgumentException">No experts, a specialist before a generalist, or a feed-forward that is no module.</exception>
    public MoeFeedForward(IFeedForward frozen, IReadOnlyList<Expert> experts, IRouter router, nn.Module? module = null)
        : base(nameof(MoeFeedForward), module ?? frozen as nn.Module ?? throw new ArgumentException($"{frozen.GetType().Name} is no torch.nn.Module, so its weights could not be saved or moved.", nameof(frozen)), experts, router)
    {
        (_frozen, _factor) = (frozen, experts[0].Config.Factor.ToScalar());
        _inputs = [.. experts.SelectMany(e => Enumerable.Range(0, frozen.Inputs.Count).Select(e.Input))];
        _outputs = [.. experts.Select(e => e.Output)];
    }

    /// <summary>Whether the fused kernel is used where it fits; otherwise the mixture is composed of torch's operators.</summary>
    /// <value>Default: true.</value>
    public bool UsesKernel { get; set; } = true;

    /// <summary>The mixture's output.</summary>
    /// <param name="input">(..., d): the block's normalised input.</param>
    /// <returns>(..., d), of the input's type.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input.reshape(-1, input.size(-1)); // (N, d)
        var routing = Route(x);
        var projected = _frozen.Inputs.Select(p => p.Linear.call(x)).ToArray(); // m x (N, f)
        var (hidden, update) = CanFuse(projected[0], routing) is { } kernel ? Fused(kernel, x, projected, routing) : Composed(x, projected, routing); // (N, f), (N, d)
        var output = _frozen.Finish(Project(hidden.Cast(x.dtype), routing).Plus(update).Cast(input.dtype)); // (N, d)
        Keep(routing);
        return output.reshape([.. input.shape[..^1], output.shape[1]]).MoveToOuterDisposeScope();
    }

    internal override IEnumerable<(string Path, LoraAdapter Adapter)> Adapters(int expert, string path) =>
        Experts[expert].Adapters.Select(a => ($"{path}.{a.Name}", a.Adapter));

    /// <summary>The kernel for this mixture, if it has one: on a CPU, for experts that are alike and drop nothing out.</summary>
    private CombineKind? CanFuse(Tensor projected, RoutingDecision routing)
    {
        var config = Experts[0].Config;
        var fits = UsesKernel && projected.device_type == DeviceType.CPU && projected.dtype is ScalarType.Float32 or ScalarType.BFloat16
            && routing.Gates.dtype == ScalarType.Float32 && Experts[0].Output.A.dtype == ScalarType.Float32
            && (!training || config.Dropout == 0) && Experts.All(e => e.Config == config);
        return fits ? _frozen.Kernel : null;
    }

    /// <summary>Both sums in one pass over the frozen products that stores no expert's hidden state.</summary>
    private (Tensor Hidden, Tensor Update) Fused(CombineKind kernel, Tensor x, Tensor[] projected, RoutingDecision routing)
    {
        var shape = new MixShape((int)x.size(0), (int)projected[0].size(1), projected.Length, Experts.Count, Experts[0].Config.Rank);
        var expansion = MixedLinear.Of(x, cat(System.Array.ConvertAll<LoraAdapter, Tensor>(_inputs, a => a.A), 0)) * _factor; // (N, n m r)
        var (hidden, projection) = FusedMix.Of(
            shape, kernel, projected, expansion, routing.Gates, routing.Selected, _inputs.Select(a => a.B), _outputs.Select(a => a.A)); // (N, f), (N, n r)
        return (hidden, nn.functional.linear(projection, cat(System.Array.ConvertAll<LoraAdapter, Tensor>(_outputs, a => a.B), 1)) * _factor);
    }

    private (Tensor Hidden, Tensor Update) Composed(Tensor x, Tensor[] projected, RoutingDecision routing)
    {
        var sums = Sum(routing, (j, rows) => Weighted(Experts[j], rows(x), [.. projected.Select(rows)], rows(routing.Gates.narrow(1, j, 1))));
        return (sums[0], sums[1]);
    }

    /// <summary>w h and w s B_o A_o h of one expert, for the tokens it is given.</summary>
    private Tensor[] Weighted(Expert expert, Tensor x, Tensor[] projected, Tensor gate)
    {
        var adapted = new Tensor[projected.Length];
        for (var i = 0; i < projected.Length; i++)
        {
            adapted[i] = projected[i].Plus(expert.Input(i).call(x)); // (N_j, f)
        }

        var weighted = _frozen.Combine(adapted) * gate; // (N_j, f)
        return [weighted, expert.Output.call(weighted)]; // s B A is linear: w s B A h = s B A (w h)
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
        return nn.functional.linear(hidden, output.weight).Plus(mass * output.bias);
    }
}
