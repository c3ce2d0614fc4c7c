using CoMiGS.Aggregation;
using CoMiGS.Aggregation.PeerTrust;

namespace CoMiGS;

/// <summary>Names PCL among the strategies.</summary>
public static class PeerTrustExtensions
{
    /// <summary>PCL, strategy 2: every device gets the adapters of all and mixes them by its own trust. Devices call <c>UsePeerTrust</c>.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="configure">Says after which rounds they mix. Default: after every one.</param>
    public static AggregationBuilder PeerTrust(this AggregationBuilder aggregation, Action<PeerTrustOptions>? configure = null) =>
        aggregation.Use(configure, options => new PeerTrustStrategy(options));
}
