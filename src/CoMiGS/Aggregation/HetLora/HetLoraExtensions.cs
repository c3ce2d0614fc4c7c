using CoMiGS.Aggregation;
using CoMiGS.Aggregation.HetLora;

namespace CoMiGS;

/// <summary>Names HetLoRA among the strategies.</summary>
public static class HetLoraExtensions
{
    /// <summary>HetLoRA: devices of any rank; factors filled up with zeros, weighted by the norm of their update, and truncated to each device's rank.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="configure">Says how devices are weighed, and by what rows are divided.</param>
    public static AggregationBuilder HetLora(this AggregationBuilder aggregation, Action<HetLoraOptions>? configure = null) =>
        aggregation.Use(configure, options => new HetLoraStrategy(options));
}
