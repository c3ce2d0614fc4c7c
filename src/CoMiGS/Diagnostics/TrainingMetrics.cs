using System.Diagnostics.Metrics;

namespace CoMiGS.Diagnostics;

/// <summary>Metrics of training: steps, tokens, time and loss, by kind of step. No device is named.</summary>
internal static class TrainingMetrics
{
    private static readonly Counter<long> Steps = CoMiGSTelemetry.Meter.CreateCounter<long>("comigs.training.steps", "{step}", "Optimizer steps made");
    private static readonly Counter<long> Tokens = CoMiGSTelemetry.Meter.CreateCounter<long>("comigs.training.tokens", "{token}", "Tokens predicted in training");
    private static readonly Histogram<double> Duration = CoMiGSTelemetry.Meter.CreateHistogram<double>("comigs.training.step.duration", "s", "Time of an optimizer step");
    private static readonly Histogram<double> Loss = CoMiGSTelemetry.Meter.CreateHistogram<double>("comigs.training.loss", "nat", "Mean cross-entropy per token");

    public static void Record(string kind, double loss, long tokens, TimeSpan elapsed)
    {
        var tag = new KeyValuePair<string, object?>("comigs.step.kind", kind);
        Steps.Add(1, tag);
        Tokens.Add(tokens, tag);
        Duration.Record(elapsed.TotalSeconds, tag);
        Loss.Record(loss, tag);
    }
}
