using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Routing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Blocks;

/// <summary>
/// The mixture by the operations of the paper's released code: every expert is a full feed-forward, frozen products included, over the tokens that chose it, which are gathered before and added to
/// their places behind; the scale multiplies the wide side of an adapter, and GELU is composed with a power and a tanh. All is computed in the type of the base, as under autocast.
/// </summary>
/// <param name="frozen">The feed-forward of every expert: copies, as in the released GPT-2, or one for all, as in its Llama.</param>
/// <param name="experts">The experts.</param>
/// <param name="router">Routes over them.</param>
internal sealed class PerExpertDispatch(IReadOnlyList<IFeedForward> frozen, IReadOnlyList<Expert> experts, IRouter router)
{
    private readonly Scalar _factor = experts[0].Config.Factor.ToScalar();
    private readonly Scalar _one = 1.0.ToScalar();
    private readonly Scalar _half = 0.5.ToScalar();
    private readonly Scalar _three = 3.0.ToScalar();
    private readonly Scalar _cubic = 0.044715.ToScalar();
    private readonly Scalar _slope = Math.Sqrt(2 / Math.PI).ToScalar();

    /// <summary>The mixture's output.</summary>
    /// <param name="x">(N, d).</param>
    /// <returns>(N, d), in the current dispose scope.</returns>
    public Tensor Forward(Tensor x)
    {
        var routing = router.Route(x);
        var sum = zeros_like(x);
        for (var j = 0; j < experts.Count; j++)
        {
            var tokens = (routing.Selected?.select(1, j) ?? ones(x.shape[0], ScalarType.Bool)).nonzero().squeeze(1); // (N_j)
            var gates = routing.Gates.narrow(1, j, 1).index_select(0, tokens).to(x.dtype); // (N_j, 1)
            sum.index_add_(0, tokens, Expert(frozen[j], experts[j], x.index_select(0, tokens)) * gates, _one);
        }

        return sum;
    }

    private Tensor Expert(IFeedForward own, Expert expert, Tensor x)
    {
        Tensor[] projected = [.. own.Inputs.Select((part, i) => Adapted(part.Linear, expert.Input(i), x))]; // m x (N_j, f)
        return Adapted(own.Output.Linear, expert.Output, projected.Length == 1 ? Gelu(projected[0]) : own.Combine(projected)); // (N_j, d)
    }

    private Tensor Adapted(Linear linear, LoraAdapter adapter, Tensor x) =>
        linear.call(x) + (nn.functional.linear(nn.functional.linear(x, adapter.A.to(x.dtype)), adapter.B.to(x.dtype)) * _factor);

    private Tensor Gelu(Tensor x) => x * _half * (((x + (x.pow(_three) * _cubic)) * _slope).tanh() + _one);
}
