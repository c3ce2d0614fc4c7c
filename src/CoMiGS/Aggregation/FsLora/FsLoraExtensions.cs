using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FsLora;

namespace CoMiGS;

/// <summary>Names FSLoRA among the strategies.</summary>
public static class FsLoraExtensions
{
    /// <summary>FSLoRA: devices of any rank train random rows of the coordinator's adapters, others in every round. Devices scale by alpha / r and call <c>UseFreshMoments</c>.</summary>
    /// <param name="aggregation">The builder.</param>
    /// <param name="configure">Says the coordinator's rank and optimizer.</param>
    public static AggregationBuilder FsLora(this AggregationBuilder aggregation, Action<FsLoraOptions>? configure = null) =>
        aggregation.Use(configure, options => new FsLoraStrategy(options));
}
