using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>Gives every token the plain mean of all experts; it learns nothing. What the baselines without a router use, and a block of one expert.</summary>
public sealed class UniformRouter : IRouter
{
    private readonly int _experts;

    /// <summary>A mean over <paramref name="experts"/> experts.</summary>
    /// <param name="experts">n, at least 1.</param>
    public UniformRouter(int experts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(experts);
        _experts = experts;
    }

    /// <inheritdoc/>
    public RoutingDecision Route(Tensor tokens) =>
        new(
            TensorArithmetic.Filled([tokens.shape[0], _experts], 1.0 / _experts, tokens.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32, tokens.device),
            Logits: null,
            Selected: null,
            _experts,
            SumsToOne: true);
}
