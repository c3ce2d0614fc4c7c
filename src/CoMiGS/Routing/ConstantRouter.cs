using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>Gives every token the same weights, whatever it is; it learns nothing. Experts of weight zero are not computed.</summary>
internal sealed class ConstantRouter : IRouter
{
    private readonly double[] _gates;
    private readonly bool[]? _selected;

    /// <param name="gates">The weight of each expert, none negative; they sum to one.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or they do not sum to one.</exception>
    public ConstantRouter(IReadOnlyList<double> gates)
    {
        if (gates.Any(gate => !(gate >= 0)) || Math.Abs(gates.Sum() - 1) > 1e-6)
        {
            throw new ArgumentException($"The gates are {string.Join(", ", gates)}. Use weights from 0 to 1 that sum to 1, one for each expert.", nameof(gates));
        }

        _gates = [.. gates];
        _selected = gates.All(gate => gate > 0) ? null : [.. gates.Select(gate => gate > 0)];
    }

    /// <inheritdoc/>
    public RoutingDecision Route(Tensor tokens)
    {
        var type = tokens.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        long[] shape = [tokens.shape[0], _gates.Length];
        return new(
            tensor(_gates, type, tokens.device).expand(shape),
            Logits: null,
            _selected is null ? null : tensor(_selected, device: tokens.device).expand(shape),
            _gates.Count(gate => gate > 0),
            SumsToOne: true);
    }
}
