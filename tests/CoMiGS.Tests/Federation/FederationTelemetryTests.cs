using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CoMiGS.Aggregation;
using CoMiGS.Diagnostics;
using CoMiGS.Federation;
using CoMiGS.Transport;
using Microsoft.Extensions.Logging;
using static CoMiGS.Tests.Federation.Federations;

namespace CoMiGS.Tests.Federation;

/// <summary>Meters and activity sources are per process; that tests of this assembly do not run in parallel keeps other federations out.</summary>
public sealed class FederationTelemetryTests
{
    [Fact]
    public async Task Metrics_count_rounds_updates_bytes_and_devices_and_name_no_device()
    {
        var sums = new ConcurrentDictionary<string, double>();
        var tags = new ConcurrentDictionary<string, string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => Enable(instrument, l) };
        listener.SetMeasurementEventCallback<long>((i, value, t, _) => Add(i, value, t));
        listener.SetMeasurementEventCallback<int>((i, value, t, _) => Add(i, value, t));
        listener.SetMeasurementEventCallback<double>((i, _, t, _) => Add(i, 1, t));
        listener.Start();
        var transport = new InMemoryTransport();

        await RunOneRefusalAsync(transport);

        sums["comigs.round.duration"].Should().Be(2);
        sums["comigs.updates.accepted"].Should().Be(4);
        sums["comigs.updates.refused"].Should().Be(1);
        sums["comigs.bytes.sent"].Should().Be(transport.BytesToCoordinator + transport.BytesToDevices);
        sums["comigs.bytes.received"].Should().Be(sums["comigs.bytes.sent"]);
        sums["comigs.devices.active"].Should().Be(0, "the coordinator is disposed");
        tags.Keys.Should().BeEquivalentTo("comigs.refusal.code=NotInRound", "comigs.side=device", "comigs.side=coordinator");

        static void Enable(Instrument instrument, MeterListener listener)
        {
            if (instrument.Meter.Name == CoMiGSTelemetry.MeterName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> given)
        {
            sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
            foreach (var tag in given)
            {
                tags.TryAdd($"{tag.Key}={tag.Value}", "");
            }
        }
    }

    [Fact]
    public async Task Spans_cover_rounds_and_messages()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CoMiGSTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        await RunOneRefusalAsync(new InMemoryTransport());

        spans.GroupBy(span => span.OperationName).ToDictionary(group => group.Key, group => group.Count())
            .Should().BeEquivalentTo(new Dictionary<string, int> { ["round"] = 2, ["checkin"] = 6, ["participation"] = 4, ["download"] = 4, ["train"] = 4, ["upload"] = 4, ["gate"] = 5 });
        spans.Where(span => span.OperationName == "round").Select(span => span.GetTagItem("comigs.updates.accepted")).Should().Equal(2, 2);
    }

    [Fact]
    public async Task Log_messages_have_stable_ids_and_hold_no_numbers_of_tensors()
    {
        var log = new ListLogger();

        await RunOneRefusalAsync(new InMemoryTransport(), log);

        log.Messages.Select(message => message.Id).Distinct().Order().Should().Equal(3000, 3001, 3002, 3003, 3004, 3005);
        log.Messages.Single(message => message.Id == 3005).Text.Should().Contain("stranger").And.Contain("NotInRound");
        log.Messages.Should().AllSatisfy(message => message.Text.Should().NotContain("31337"));
    }

    /// <summary>Two devices, two rounds, and an update of somebody who is in none.</summary>
    private static async Task RunOneRefusalAsync(InMemoryTransport transport, ILogger? logger = null)
    {
        using var coordinator = new Coordinator(new RoundOptions { Count = 2, MinimumDevices = 2, InitialSeed = 31337 }, new UniformMean(), logger);
        var intruded = 0;
        var intrude = new FakeTraining(1)
        {
            WhileTraining = leave =>
            {
                if (Interlocked.Exchange(ref intruded, 1) == 0)
                {
                    coordinator.UploadAsync(Sent.Update("stranger", value: 31337), leave).GetAwaiter().GetResult();
                }
            },
        };
        await RunAsync(transport, coordinator, [Device("a", intrude, transport), Device("b", new FakeTraining(2), transport)]);
    }

    private sealed class ListLogger : ILogger
    {
        public ConcurrentQueue<(int Id, string Text)> Messages { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue((eventId.Id, formatter(state, exception)));
    }
}
