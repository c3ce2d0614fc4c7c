using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Planning;

/// <summary>How a feed-forward that knows nothing of experts opens up: y = Finish(O(Combine(P_1 x, ..., P_m x))).</summary>
/// <param name="Inputs">The input projections P_1 .. P_m, layers inside the module.</param>
/// <param name="Output">The output projection O, a layer inside the module.</param>
/// <param name="Combine">The activation, or SiLU(gate) * up: m tensors of shape (N, f), of which none may be changed in place, to one.</param>
/// <param name="Finish">What comes after the output projection, such as dropout. Default: nothing.</param>
public sealed record FeedForwardParts(IReadOnlyList<Linear> Inputs, Linear Output, Func<IReadOnlyList<Tensor>, Tensor> Combine, Func<Tensor, Tensor>? Finish = null)
{
    /// <summary>A feed-forward with one input projection.</summary>
    /// <param name="input">The input projection.</param>
    /// <param name="output">The output projection.</param>
    /// <param name="activation">What is between them.</param>
    /// <param name="finish">What comes after the output projection. Default: nothing.</param>
    public FeedForwardParts(Linear input, Linear output, Func<Tensor, Tensor> activation, Func<Tensor, Tensor>? finish = null)
        : this([input], output, projected => activation(projected[0]), finish)
    {
    }
}
