using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FedAmole;

namespace CoMiGS;

/// <summary>Names FedAMoLE among the strategies.</summary>
public static class FedAmoleExtensions
{
    /// <summary>FedAMoLE: a shared expert, and experts that the coordinator assigns to the devices that they suit, anew in every round. Devices call <c>UseFedAmole</c>.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="configure">Says how many experts there are and how many go where.</param>
    public static AggregationBuilder FedAmole(this AggregationBuilder aggregation, Action<FedAmoleOptions>? configure = null) =>
        aggregation.Use(configure, options => new FedAmoleStrategy(options));
}
