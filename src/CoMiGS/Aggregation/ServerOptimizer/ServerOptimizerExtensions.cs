using CoMiGS.Aggregation;
using CoMiGS.Aggregation.ServerOptimizer;

namespace CoMiGS;

/// <summary>Names the optimizers of the coordinator among the strategies.</summary>
public static class ServerOptimizerExtensions
{
    /// <summary>The mean, with momentum over the rounds.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="configure">Says its rates.</param>
    public static AggregationBuilder FedAvgM(this AggregationBuilder aggregation, Action<ServerOptimizerOptions>? configure = null) =>
        aggregation.Use(configure, options => new ServerOptimizerStrategy(ServerMethod.Momentum, options));

    /// <summary>Adam at the coordinator, on the way to the mean.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="configure">Says its rates.</param>
    public static AggregationBuilder FedAdam(this AggregationBuilder aggregation, Action<ServerOptimizerOptions>? configure = null) =>
        aggregation.Use(configure, options => new ServerOptimizerStrategy(ServerMethod.Adam, options));

    /// <summary>Yogi at the coordinator, on the way to the mean.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="configure">Says its rates.</param>
    public static AggregationBuilder FedYogi(this AggregationBuilder aggregation, Action<ServerOptimizerOptions>? configure = null) =>
        aggregation.Use(configure, options => new ServerOptimizerStrategy(ServerMethod.Yogi, options));
}
