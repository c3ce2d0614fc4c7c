using CoMiGS.Aggregation.PeerTrust;
using CoMiGS.Transport;

namespace CoMiGS.Federation.Methods;

/// <summary>
/// The device's side of <see cref="PeerTrustStrategy"/>: tries every peer's adapters on its own validation text, and goes on from their mean, weighted by
/// <c>softmax(-perplexity / temperature)</c>.
/// </summary>
public sealed class PeerTrust : TrainingMethod
{
    private const int MostReported = 100;
    private readonly Func<double> _perplexity;
    private readonly double _temperature;

    /// <summary>Puts trust around a training.</summary>
    /// <param name="inner">The training.</param>
    /// <param name="perplexity">The perplexity on the device's validation text of the model as it is at that moment.</param>
    /// <param name="temperature">Below 1 trust is nearly all in the best peer, above it is spread; the paper's is 1.</param>
    public PeerTrust(ILocalTraining inner, Func<double> perplexity, double temperature = 1)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(perplexity);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        _perplexity = perplexity;
        _temperature = temperature;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Abilities => [.. base.Abilities, PeerTrustStrategy.Ability];

    /// <summary>How much it trusts each peer, as of the last mixing; the weights sum to 1.</summary>
    public IReadOnlyDictionary<string, double> Trust { get; private set; } = new Dictionary<string, double>();

    /// <summary>The weights for perplexities: <c>softmax(-perplexity / temperature)</c>. One that is not finite gets none, unless none is.</summary>
    /// <param name="perplexities">At least one.</param>
    /// <param name="temperature">Positive.</param>
    public static IReadOnlyList<double> Weights(IReadOnlyList<double> perplexities, double temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(perplexities);
        var finite = perplexities.Where(double.IsFinite).ToList();
        if (finite.Count == 0)
        {
            return [.. perplexities.Select(_ => 1.0 / perplexities.Count)];
        }

        var best = finite.Min();
        double[] parts = [.. perplexities.Select(value => double.IsFinite(value) ? Math.Exp((best - value) / temperature) : 0)];
        return [.. parts.Select(part => part / parts.Sum())];
    }

    /// <summary>Mixes the peers' adapters; what are no peers' adapters is imported as it is.</summary>
    /// <inheritdoc/>
    public override void Import(TensorSet parameters)
    {
        var peers = PeerSet.Split(parameters, SharedParameters);
        if (peers.Count == 0)
        {
            base.Import(parameters);
            return;
        }

        if (peers.Count == 1)
        {
            base.Import(peers[0].Tensors); // its own: a round without mixing, or nobody else has sent anything
            return;
        }

        var weights = Weights([.. peers.Select(peer => Try(peer.Tensors))], _temperature);
        Trust = peers.Zip(weights).ToDictionary(pair => pair.First.Device, pair => pair.Second, StringComparer.Ordinal);
        base.Import(PeerSet.Mix([.. peers.Select(peer => peer.Tensors)], weights));
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
    {
        var metrics = new Dictionary<string, double>(base.Train(steps, horizon, cancellationToken));
        foreach (var (peer, trust) in Trust.Take(MostReported))
        {
            metrics[$"trust.{peer}"] = trust;
        }

        return metrics;
    }

    private double Try(TensorSet peer)
    {
        base.Import(peer);
        return _perplexity();
    }
}
