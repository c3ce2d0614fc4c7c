namespace CoMiGS.Models.Generation;

/// <summary>What became of a prompt.</summary>
/// <param name="Prompt">The prompt's ids.</param>
/// <param name="Tokens">The ids that were added, without a stop token.</param>
/// <param name="Reason">Why no more were added.</param>
/// <param name="Routing">The experts' weights for every token, if asked for.</param>
public sealed record Continuation(IReadOnlyList<int> Prompt, IReadOnlyList<int> Tokens, StopReason Reason, RoutingTrace? Routing);
