using System.Diagnostics.Metrics;
using CoMiGS.Diagnostics;
using CoMiGS.Tests.Models;
using CoMiGS.Training;

namespace CoMiGS.Tests.Diagnostics;

public sealed class TrainingMetricsTests
{
    [Fact]
    public void Every_step_is_counted_by_kind_and_names_no_device()
    {
        var measured = new List<(string Name, double Value, string Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == CoMiGSTelemetry.MeterName && instrument.Name.StartsWith("comigs.training", StringComparison.Ordinal))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Add((instrument.Name, value, Text(tags))));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Add((instrument.Name, value, Text(tags))));
        listener.Start();
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { BatchSize = 2, Window = Tiny.Window, RouterEvery = 2, RouterSteps = 1 }, device: "anna");

        trainer.Train(4);

        measured.Where(m => m.Name == "comigs.training.steps").GroupBy(m => m.Tags).ToDictionary(g => g.Key, g => g.Sum(m => m.Value))
            .Should().BeEquivalentTo(new Dictionary<string, double> { ["comigs.step.kind=expert"] = 4, ["comigs.step.kind=router"] = 2 });
        measured.Where(m => m.Name == "comigs.training.tokens").Sum(m => m.Value).Should().Be(6 * 2 * Tiny.Window);
        measured.Where(m => m.Name == "comigs.training.loss").Should().HaveCount(6).And.OnlyContain(m => m.Value > 5 && m.Value < 6);
        measured.Where(m => m.Name == "comigs.training.step.duration").Should().HaveCount(6).And.OnlyContain(m => m.Value > 0);
        measured.Should().OnlyContain(m => !m.Tags.Contains("anna"));
    }

    private static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(",", tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
}
