using CoMiGS.Aggregation.FdLora;
using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Aggregation.FsLora;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Aggregation.OneFactor;
using CoMiGS.Aggregation.PeerTrust;
using CoMiGS.Aggregation.Robust;
using CoMiGS.Aggregation.ServerOptimizer;

namespace CoMiGS.Aggregation;

/// <summary>The library's own strategies, for messages that say which of them would fit.</summary>
internal static class StrategyCatalog
{
    private static readonly IAggregationStrategy[] Own =
    [
        new WeightedMean(), new UniformMean(), new NoAggregation(), new FlexLoraStrategy(), new HetLoraStrategy(), new FsLoraStrategy(), new FfaLora(), new FedSaLora(), new FdLoraStrategy(), new FedAmoleStrategy(),
        new PeerTrustStrategy(), new ServerOptimizerStrategy(ServerMethod.Momentum), new ServerOptimizerStrategy(ServerMethod.Adam), new ServerOptimizerStrategy(ServerMethod.Yogi),
        new CoordinateMedian(), new TrimmedMean(1), new Krum(1), new NormClipping(1),
    ];

    /// <summary>What to do where a device lacks the ability that its strategy needs.</summary>
    public static string WithoutAbility => $"Compose the device for this strategy (docs/strategies.md), or choose one that needs nothing: {Names(needs => needs.Ability is null)}.";

    /// <summary>The names of those whose needs are such, with commas.</summary>
    public static string Names(Func<AggregationNeeds, bool> needs) =>
        string.Join(", ", Own.Where(strategy => needs(strategy.Needs)).Select(strategy => strategy.Name));
}
