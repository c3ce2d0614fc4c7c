using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FlexLora;

namespace CoMiGS;

/// <summary>Names FlexLoRA among the strategies.</summary>
public static class FlexLoraExtensions
{
    /// <summary>FlexLoRA: devices of any rank; the mean of their effective updates, cut to each device's rank by its singular values.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="configure">Says how devices are weighed. Default: by samples.</param>
    public static AggregationBuilder FlexLora(this AggregationBuilder aggregation, Action<FlexLoraOptions>? configure = null) =>
        aggregation.Use(configure, options => new FlexLoraStrategy(options));
}
