using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>Decides for every token which experts it takes.</summary>
/// <remarks>
/// A router that learns is also a <c>torch.nn.Module</c> and an <see cref="Parameters.IAdapted"/>; the block registers it and trains it on
/// validation data. It must not dispose its input; its results belong to the current dispose scope.
/// </remarks>
public interface IRouter
{
    /// <summary>Routes a batch of tokens.</summary>
    /// <param name="tokens">(N, d): the block's own, normalised input.</param>
    RoutingDecision Route(Tensor tokens);

    /// <summary>Routes a batch of tokens, given what every expert's down projection makes of them, for routers that score by it.</summary>
    /// <param name="tokens">(N, d).</param>
    /// <param name="embeddings">(N, n, r): A_j x of expert j.</param>
    /// <returns>Default: what the tokens alone give.</returns>
    RoutingDecision Route(Tensor tokens, Tensor embeddings) => Route(tokens);
}
