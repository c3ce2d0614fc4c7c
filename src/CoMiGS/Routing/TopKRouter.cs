using CoMiGS.Parameters;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>
/// The per-token router of the paper: logits z = W x without bias. k >= 2: softmax over the k kept logits; k = 1: softmax over all experts, of
/// which the top probability is kept as it is, so that the gate has a gradient (<c>gating.py</c> of the released code).
/// </summary>
public sealed class TopKRouter : nn.Module<Tensor, Tensor>, IRouter, IAdapted
{
    /// <summary>Standard deviation of the initial weights.</summary>
    public const double InitialStandardDeviation = 0.02;

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // (n, d)

    private readonly Scalar _minusInfinity = double.NegativeInfinity.ToScalar();

    /// <summary>A new router.</summary>
    /// <param name="width">d, the width of a token.</param>
    /// <param name="experts">n, how many experts there are to choose from.</param>
    /// <param name="topK">k, how many of them a token takes; 1 to n.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is not between 1 and n.</exception>
    public TopKRouter(long width, int experts, int topK, Seed seed)
        : base(nameof(TopKRouter))
    {
        if (topK < 1 || topK > experts)
        {
            throw new ArgumentOutOfRangeException(nameof(topK), topK, $"TopK is {topK}, but there are {experts} experts. Use TopK 1 to {experts}, or add experts.");
        }

        TopK = topK;
        Experts = experts;
        _weight = new Parameter(zeros([experts, width], ScalarType.Float32));
        RegisterComponents();
        _weight.DetachFromDisposeScope();
        foreach (var parameter in AdapterParameters)
        {
            parameter.Initialise(seed);
        }
    }

    /// <summary>k, how many experts a token takes.</summary>
    public int TopK { get; }

    /// <summary>n, how many experts there are.</summary>
    public int Experts { get; }

    /// <inheritdoc/>
    public IEnumerable<NamedParameter> AdapterParameters =>
        [new("weight", ParameterRole.Router, _weight, ParameterInit.Normal(InitialStandardDeviation))];

    /// <summary>The logits W x.</summary>
    /// <param name="input">(N, d).</param>
    /// <returns>(N, n), of the router's type.</returns>
    public override Tensor forward(Tensor input) => nn.functional.linear(input.Cast(_weight.dtype), _weight);

    /// <inheritdoc/>
    public RoutingDecision Route(Tensor tokens) => TopKGates.Of(call(tokens), TopK, _minusInfinity);
}
