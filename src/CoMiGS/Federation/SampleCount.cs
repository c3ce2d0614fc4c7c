using CoMiGS.Aggregation;

namespace CoMiGS.Federation;

/// <summary>What is plausible as the size of a device's training data.</summary>
internal static class SampleCount
{
    public static string? Objection(long samples) => samples is >= 1 and <= AggregationLimits.MaximumSamples
        ? null
        : $"The sample count is {samples}. Use 1 to {AggregationLimits.MaximumSamples}.";
}
