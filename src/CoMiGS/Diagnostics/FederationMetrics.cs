using System.Diagnostics.Metrics;

namespace CoMiGS.Diagnostics;

/// <summary>Metrics of the federation: rounds, updates, bytes, devices. No device is named.</summary>
internal static class FederationMetrics
{
    private static readonly Histogram<double> RoundDuration = CoMiGSTelemetry.Meter.CreateHistogram<double>("comigs.round.duration", "s", "From opening to closing of a round");
    private static readonly Counter<long> UpdatesAccepted = CoMiGSTelemetry.Meter.CreateCounter<long>("comigs.updates.accepted", "{update}", "Updates that count");
    private static readonly Counter<long> UpdatesRefused = CoMiGSTelemetry.Meter.CreateCounter<long>("comigs.updates.refused", "{update}", "Updates that do not count, by reason");
    private static readonly Counter<long> BytesSent = CoMiGSTelemetry.Meter.CreateCounter<long>("comigs.bytes.sent", "By", "Bytes of messages sent, by side");
    private static readonly Counter<long> BytesReceived = CoMiGSTelemetry.Meter.CreateCounter<long>("comigs.bytes.received", "By", "Bytes of messages received, by side");
    private static readonly UpDownCounter<int> DevicesActive = CoMiGSTelemetry.Meter.CreateUpDownCounter<int>("comigs.devices.active", "{device}", "Devices that wait for a round or work on one");

    private static readonly Counter<long> CheckInsRefused = CoMiGSTelemetry.Meter.CreateCounter<long>("comigs.checkins.refused", "{checkin}", "Devices turned away at check-in, by reason");
    private static readonly Histogram<double> CommitDuration = CoMiGSTelemetry.Meter.CreateHistogram<double>("comigs.store.commit.duration", "s", "Time until an entry is on the disk, by what it says");
    private static readonly Counter<long> StoreFailures = CoMiGSTelemetry.Meter.CreateCounter<long>("comigs.store.failures", "{failure}", "Entries that could not be written, and logs that could not be read");

    private static readonly KeyValuePair<string, object?> Device = new("comigs.side", "device");
    private static readonly KeyValuePair<string, object?> Coordinator = new("comigs.side", "coordinator");

    public static void RoundClosed(TimeSpan duration) => RoundDuration.Record(duration.TotalSeconds);

    public static void UpdateAccepted() => UpdatesAccepted.Add(1);

    public static void UpdateRefused(string code) => UpdatesRefused.Add(1, new KeyValuePair<string, object?>("comigs.refusal.code", code));

    public static void CheckInRefused(string code) => CheckInsRefused.Add(1, new KeyValuePair<string, object?>("comigs.refusal.code", code));

    public static void Committed(string entry, TimeSpan duration) => CommitDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("comigs.entry", entry));

    public static void StoreFailed() => StoreFailures.Add(1);

    /// <summary>Counts a message at both ends: in one process both belong to it.</summary>
    public static void Carried(long bytes, bool toCoordinator)
    {
        BytesSent.Add(bytes, toCoordinator ? Device : Coordinator);
        BytesReceived.Add(bytes, toCoordinator ? Coordinator : Device);
    }

    public static void ActiveDevicesChanged(int change) => DevicesActive.Add(change);
}
