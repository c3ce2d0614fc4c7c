using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>Which experts every token takes, and with what weight.</summary>
/// <remarks>The tensors belong to the dispose scope in which the router ran, until somebody takes them over. N tokens, n experts, k of them kept per token.</remarks>
/// <param name="Gates">(N, n): the weight of every expert; zero where it is not selected.</param>
/// <param name="Logits">(N, n): the router's raw scores, or null where nothing is learnt.</param>
/// <param name="Selected">(N, n), Boolean: who is selected, or null where every token takes all experts.</param>
/// <param name="TopK">k.</param>
/// <param name="SumsToOne">Whether the gates of a token sum to one by construction; false for k = 1 of n > 1, where the gate is a bare probability.</param>
public sealed record RoutingDecision(Tensor Gates, Tensor? Logits, Tensor? Selected, int TopK, bool SumsToOne) : IDisposable
{
    /// <summary>n, the number of experts.</summary>
    public int Experts => (int)Gates.shape[1];

    /// <summary>Takes the tensors out of all dispose scopes; whoever calls this disposes the decision.</summary>
    internal RoutingDecision DetachFromDisposeScope()
    {
        Gates.DetachFromDisposeScope();
        Logits?.DetachFromDisposeScope();
        Selected?.DetachFromDisposeScope();
        return this;
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Gates.Dispose();
        Logits?.Dispose();
        Selected?.Dispose();
    }
}
