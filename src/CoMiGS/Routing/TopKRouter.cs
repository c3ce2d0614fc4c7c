using CoMiGS.Parameters;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>
/// The per-token router of the paper: logits z = W x, without bias unless one is asked for. k >= 2: softmax over the k kept logits; k = 1: softmax over all experts, of
/// which the top probability is kept as it is, so that the gate has a gradient (<c>gating.py</c> of the released code).
/// </summary>
public sealed class TopKRouter : nn.Module<Tensor, Tensor>, IRouter, IAdapted
{
    /// <summary>Standard deviation of the initial weights.</summary>
    public const double InitialStandardDeviation = 0.02;

    private const float Never = -1000; // exp of it is 0 in every type, and a file of routers holds finite values only

    [ComponentName(Name = "weight")]
    private readonly Parameter _weight; // (n, d)

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias; // (n)

    private readonly Scalar _minusInfinity = double.NegativeInfinity.ToScalar();

    /// <summary>A new router.</summary>
    /// <param name="width">d, the width of a token.</param>
    /// <param name="experts">n, how many experts there are to choose from.</param>
    /// <param name="topK">k, how many of them a token takes; 1 to n.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <param name="bias">Whether a bias is learnt, z = W x + b: a preference that does not depend on the token. It starts at zero. Default: no, as in the paper.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is not between 1 and n.</exception>
    public TopKRouter(long width, int experts, int topK, Seed seed, bool bias = false)
        : base(nameof(TopKRouter))
    {
        if (topK < 1 || topK > experts)
        {
            throw new ArgumentOutOfRangeException(nameof(topK), topK, $"TopK is {topK}, but there are {experts} experts. Use TopK 1 to {experts}, or add experts.");
        }

        TopK = topK;
        Experts = experts;
        _weight = new Parameter(zeros([experts, width], ScalarType.Float32));
        _bias = bias ? new Parameter(zeros([experts], ScalarType.Float32)) : null;
        RegisterComponents();
        _weight.DetachFromDisposeScope();
        _bias?.DetachFromDisposeScope();
        foreach (var parameter in AdapterParameters)
        {
            parameter.Initialise(seed);
        }
    }

    /// <summary>k, how many experts a token takes.</summary>
    public int TopK { get; }

    /// <summary>n, how many experts there are.</summary>
    public int Experts { get; }

    /// <summary>Whether it has a bias.</summary>
    public bool HasBias => _bias is not null;

    /// <inheritdoc/>
    public IEnumerable<NamedParameter> AdapterParameters =>
    [
        new("weight", ParameterRole.Router, _weight, ParameterInit.Normal(InitialStandardDeviation)),
        .. _bias is null ? Array.Empty<NamedParameter>() : [new("bias", ParameterRole.Router, _bias, ParameterInit.Zeros)],
    ];

    /// <summary>From now on gives every token the same weights: W becomes zero, and the bias their logarithms.</summary>
    /// <param name="gates">n weights that sum to one, of which at most k are above zero.</param>
    /// <exception cref="InvalidOperationException">The router has no bias, so it cannot prefer an expert whatever the token is.</exception>
    /// <exception cref="ArgumentException">There are not n weights, or more than k above zero.</exception>
    public void Prefer(IReadOnlyList<double> gates)
    {
        ArgumentNullException.ThrowIfNull(gates);
        if (_bias is null)
        {
            throw new InvalidOperationException("The router has no bias, so it cannot prefer an expert whatever the token is. Set ExpertOptions.RouterBias.");
        }

        if (gates.Count != Experts || gates.Count(gate => gate > 0) > TopK)
        {
            throw new ArgumentException($"The gates are {string.Join(", ", gates)}. Use {Experts} weights, of which at most {TopK} are above 0.", nameof(gates));
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        _weight.zero_();
        _bias.copy_(tensor(gates.Select(gate => gate > 0 ? (float)Math.Log(gate) : Never).ToArray()));
    }

    /// <summary>The logits W x + b.</summary>
    /// <param name="input">(N, d).</param>
    /// <returns>(N, n), of the router's type.</returns>
    public override Tensor forward(Tensor input) => MixedLinear.Of(input, _weight, _bias);

    /// <inheritdoc/>
    public RoutingDecision Route(Tensor tokens) => TopKGates.Of(call(tokens), TopK, _minusInfinity);
}
