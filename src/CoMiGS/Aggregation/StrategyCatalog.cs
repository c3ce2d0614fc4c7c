using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Aggregation.PeerTrust;

namespace CoMiGS.Aggregation;

/// <summary>The library's own strategies, for messages that say which of them would fit.</summary>
internal static class StrategyCatalog
{
    private static readonly IAggregationStrategy[] Own = [new WeightedMean(), new UniformMean(), new NoAggregation(), new FlexLoraStrategy(), new HetLoraStrategy(), new PeerTrustStrategy()];

    /// <summary>The names of those whose needs are such, with commas.</summary>
    public static string Names(Func<AggregationNeeds, bool> needs) =>
        string.Join(", ", Own.Where(strategy => needs(strategy.Needs)).Select(strategy => strategy.Name));
}
