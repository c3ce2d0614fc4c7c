using System.Diagnostics.Metrics;

namespace CoMiGS.Transport.Http;

/// <summary>Metrics of both ends. No device is named.</summary>
internal static class HttpTransportMetrics
{
    private static readonly Meter Meter = new("CoMiGS.Transport.Http");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("comigs.http.requests.refused", "{request}", "Requests that were not answered as asked, by status");
    private static readonly Counter<long> UpdatesRefused = Meter.CreateCounter<long>("comigs.updates.refused", "{update}", "Updates that do not count, by reason");
    private static readonly Counter<long> BytesSent = Meter.CreateCounter<long>("comigs.bytes.sent", "By", "Bytes of messages sent, by side");
    private static readonly Counter<long> BytesReceived = Meter.CreateCounter<long>("comigs.bytes.received", "By", "Bytes of messages received, by side");

    public static void RequestRefused(int status) => Refused.Add(1, new KeyValuePair<string, object?>("http.response.status_code", status));

    /// <summary>Counts an update that no coordinator gets to see; those that one refuses it counts itself, by the same name.</summary>
    public static void UpdateRefused(string code) => UpdatesRefused.Add(1, new KeyValuePair<string, object?>("comigs.refusal.code", code));

    /// <summary>Counts the bodies of a request and its answer.</summary>
    public static void Carried(long sent, long received, bool atCoordinator)
    {
        var side = new KeyValuePair<string, object?>("comigs.side", atCoordinator ? "coordinator" : "device");
        BytesSent.Add(sent, side);
        BytesReceived.Add(received, side);
    }
}
