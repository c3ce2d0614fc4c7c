using CoMiGS.Experts;
using CoMiGS.Routing;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>
/// A mixture of LoRA experts beside one frozen linear layer, which stays where it is and computes as before:
/// <code>
///   y = W x + b + sum_j w_j s B_j A_j x
/// </code>
/// This module computes the sum; a forward hook on the layer adds it. The router looks at the layer's own input, token by token.
/// </summary>
public sealed class LinearExperts : ExpertMixture
{
    /// <summary>A mixture whose experts have one adapter each: that of the layer.</summary>
    /// <param name="experts">At least one expert without input projections, generalists first.</param>
    /// <param name="router">Routes over exactly these experts.</param>
    /// <exception cref="ArgumentException">No experts, a specialist before a generalist, or an expert with more than one adapter.</exception>
    public LinearExperts(IReadOnlyList<Expert> experts, IRouter router)
        : base(nameof(LinearExperts), null, experts, router)
    {
        if (experts.Any(e => e.Adapters.Count != 1))
        {
            throw new ArgumentException($"The experts have {string.Join(", ", experts.Select(e => e.Adapters.Count))} adapters. Beside a linear layer an expert has one: give it no input projections.", nameof(experts));
        }
    }

    /// <summary>sum_j w_j s B_j A_j x.</summary>
    /// <param name="input">(..., in): the layer's input.</param>
    /// <returns>(..., out), of the adapters' type.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input.reshape(-1, input.shape[^1]); // (N, in)
        var routing = Route(x);
        var update = Sum(routing, (j, rows) => [Weighted(Experts[j].Output, rows(x), rows(routing.Gates.narrow(1, j, 1)))])[0]; // (N, out)
        Keep(routing);
        return update.reshape([.. input.shape[..^1], update.shape[1]]).MoveToOuterDisposeScope();
    }

    internal override IEnumerable<(string Path, LoraAdapter Adapter)> Adapters(int expert, string path) => [(path, Experts[expert].Output)];

    // A single expert has the weight 1, so there is nothing to multiply.
    private Tensor Weighted(LoraAdapter adapter, Tensor x, Tensor gate) => Experts.Count == 1 ? adapter.call(x) : adapter.call(x) * gate;
}
