using CoMiGS.Parameters;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace CoMiGS.Routing;

/// <summary>
/// The router of FedAMoLE (arXiv 2411.19128): a token's embedding <c>t = P x</c> is compared with what every expert's down projection makes of the same token,
/// <c>e_j = A_j x</c>; the logits are <c>e_j . t / sqrt(r)</c>, and gates follow from them as those of <see cref="TopKRouter"/>. It has no row for any expert, so experts can come and go.
/// </summary>
public sealed class EmbeddingRouter : nn.Module<Tensor, Tensor>, IRouter, IAdapted
{
    [ComponentName(Name = "projection")]
    private readonly Parameter _projection; // (r, d)

    private readonly Scalar _minusInfinity = double.NegativeInfinity.ToScalar();
    private readonly Scalar _root; // sqrt(r)

    /// <summary>A new router.</summary>
    /// <param name="width">d, the width of a token.</param>
    /// <param name="rank">r, the rank of the experts.</param>
    /// <param name="topK">k, how many experts a token takes; where there are fewer, it takes all.</param>
    /// <param name="seed">Seed of P.</param>
    public EmbeddingRouter(long width, int rank, int topK, Seed seed)
        : base(nameof(EmbeddingRouter))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(topK);
        TopK = topK;
        _root = Math.Sqrt(rank).ToScalar();
        _projection = new Parameter(zeros([rank, width], ScalarType.Float32));
        RegisterComponents();
        _projection.DetachFromDisposeScope();
        foreach (var parameter in AdapterParameters)
        {
            parameter.Initialise(seed);
        }
    }

    /// <summary>k, how many experts a token takes at most.</summary>
    public int TopK { get; }

    /// <summary>P, (r, d).</summary>
    public Parameter Projection => _projection;

    /// <inheritdoc/>
    public IEnumerable<NamedParameter> AdapterParameters =>
        [new("projection", ParameterRole.Router, _projection, ParameterInit.KaimingUniform(_projection.shape[1]))];

    /// <summary>The embeddings P x.</summary>
    /// <param name="input">(N, d).</param>
    /// <returns>(N, r), of the router's type.</returns>
    public override Tensor forward(Tensor input) => MixedLinear.Of(input, _projection);

    /// <summary>Cannot be answered: without the experts' down projections there is nothing to compare a token with.</summary>
    /// <exception cref="InvalidOperationException">Always.</exception>
    public RoutingDecision Route(Tensor tokens) =>
        throw new InvalidOperationException("An EmbeddingRouter compares tokens with what experts make of them, so it needs their embeddings. Use it beside linear layers, in AmoleExperts.");

    /// <inheritdoc/>
    public RoutingDecision Route(Tensor tokens, Tensor embeddings)
    {
        var own = call(tokens).unsqueeze(1); // (N, 1, r)
        var logits = (embeddings * own).sum(-1L) / _root; // (N, n)
        return TopKGates.Of(logits, (int)Math.Min(TopK, logits.shape[1]), _minusInfinity);
    }
}
