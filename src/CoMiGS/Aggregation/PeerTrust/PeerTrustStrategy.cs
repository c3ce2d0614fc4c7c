using CoMiGS.Transport;
using CoMiGS.Validation;

namespace CoMiGS.Aggregation.PeerTrust;

/// <summary>
/// Personalised collaborative learning by validation performance (arXiv 2404.09753, strategy 2). The coordinator combines nothing: it hands every device
/// the adapters of all, and the device mixes them by its own trust, <c>theta_i = sum_j W_ij theta_j</c> with <c>W = row-softmax(-perplexity)</c>, where
/// the perplexity is that of j's adapters on i's validation text.
/// </summary>
/// <remarks>
/// Every device sees the adapters of every other under its name, and runs N evaluations a round: this is for a few devices that know each other.
/// A device that sits a round out keeps its last adapters there. It needs devices that can mix (<c>UsePeerTrust</c> where a device is composed).
/// </remarks>
public sealed class PeerTrustStrategy : IAggregationStrategy
{
    /// <summary>The ability that devices must have.</summary>
    public const string Ability = "peer-trust";

    private readonly PeerTrustOptions _options;

    /// <summary>A strategy for one run.</summary>
    /// <param name="options">When to mix; after every round if none are given.</param>
    /// <exception cref="ArgumentException">The options break a rule; all are listed.</exception>
    public PeerTrustStrategy(PeerTrustOptions? options = null)
    {
        _options = options ?? new PeerTrustOptions();
        OptionsCheck.ThrowIfInvalid(_options, nameof(options));
    }

    /// <inheritdoc/>
    public string Name => "PeerTrust";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { Updates = UpdateAccess.All, DeviceViews = true, Ability = Ability };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MeanAggregation.Objection(Name, device);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new CollectedUpdates(updates =>
        {
            var present = updates.Select(update => update.Device.Device).ToHashSet(StringComparer.Ordinal);
            var absent = PeerSet.Split(moment.Shared, moment.First.Tensors).Where(peer => !present.Contains(peer.Device)); // who sits a round out goes on from its own, too
            return PeerSet.Join([.. absent, .. updates.Select(update => (update.Device.Device, update.Update.Tensors))]);
        });
    }

    /// <inheritdoc/>
    public TensorSet View(RunMoment moment, DeviceShare device)
    {
        ArgumentNullException.ThrowIfNull(moment);
        ArgumentNullException.ThrowIfNull(device);
        var after = moment.Round - 1;
        var mixes = after >= _options.FirstRound && (after - _options.FirstRound) % _options.Every == 0;
        var own = mixes ? [] : PeerSet.Split(moment.Shared, device.Tensors).Where(peer => peer.Device == device.Device).ToList();
        return own.Count == 0 ? moment.Shared : PeerSet.Join(own);
    }
}
