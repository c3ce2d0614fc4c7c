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

    private static readonly string[] OfOneStrategy = [FedAmoleStrategy.Ability, PeerTrustStrategy.Ability];

    /// <summary>Whether it is one of the library's own, which look at no names of tensors but those of adapters; somebody else's may, and is asked when a device checks in.</summary>
    public static bool IsOwn(IAggregationStrategy strategy) => strategy.GetType().Assembly == typeof(StrategyCatalog).Assembly;

    /// <summary>Why a device with such abilities cannot follow a strategy: its training waits for what this strategy never sends.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="abilities">What the device is able to do.</param>
    /// <returns>A sentence; null when it can.</returns>
    public static string? Unserved(IAggregationStrategy strategy, IEnumerable<string> abilities) =>
        abilities.FirstOrDefault(ability => OfOneStrategy.Contains(ability) && strategy.Needs.Ability != ability) is { } alone
            ? $"A device with '{alone}' works with {Names(needs => needs.Ability == alone)} alone, and this coordinator uses {strategy.Name}. Compose the device without it, or let the coordinator use {Names(needs => needs.Ability == alone)}."
            : null;

    /// <summary>What to do where a device lacks the ability that its strategy needs.</summary>
    /// <param name="device">What the device shares, as far as it is known.</param>
    public static string WithoutAbility(DeviceShare? device) => $"Compose the device for this strategy (docs/strategies.md), or choose one that needs nothing: {Names(needs => needs.Ability is null, device)}.";

    /// <summary>The names of those that could lead a device, with commas; if it would have to share more for that, of those that could lead it then.</summary>
    /// <param name="needs">What fits.</param>
    /// <param name="device">What the device shares; null where it is not known.</param>
    public static string Fitting(Func<AggregationNeeds, bool> needs, DeviceShare? device) =>
        Names(needs, device) is { Length: > 0 } names ? names : $"{Names(needs)}, where devices share both factors of every adapter";

    /// <summary>The names of those whose needs are such, with commas.</summary>
    /// <param name="needs">What fits.</param>
    /// <param name="device">What a device shares that has to fit, too; null where it is not known. One whose adapters are none has nothing that could fit or not.</param>
    public static string Names(Func<AggregationNeeds, bool> needs, DeviceShare? device = null)
    {
        var known = device is not null && AdapterPairs.Flaw(device.Tensors, device.Adapters) is null ? device : null;
        return string.Join(", ", Own.Where(strategy => needs(strategy.Needs) && (known is null || strategy.Needs.Assigns || strategy.Objection(known, null) is null)).Select(strategy => strategy.Name));
    }
}
