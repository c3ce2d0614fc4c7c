using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FdLora;

namespace CoMiGS;

/// <summary>Names FDLoRA among the strategies.</summary>
public static class FdLoraExtensions
{
    /// <summary>FDLoRA: a personal and a global adapter on every device, of which the coordinator leads the global one with an optimizer of its own. Devices call <c>UseFdLora</c>.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="configure">Says its rates. Default: the released ones.</param>
    public static AggregationBuilder FdLora(this AggregationBuilder aggregation, Action<FdLoraOptions>? configure = null) =>
        aggregation.Use(configure, options => new FdLoraStrategy(options));
}
