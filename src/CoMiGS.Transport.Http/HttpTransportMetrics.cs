using System.Diagnostics.Metrics;

namespace CoMiGS.Transport.Http;

/// <summary>Metrics of the coordinator's end. No device is named.</summary>
internal static class HttpTransportMetrics
{
    private static readonly Meter Meter = new("CoMiGS.Transport.Http");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("comigs.http.requests.refused", "{request}", "Requests that were not answered as asked, by status");

    public static void RequestRefused(int status) => Refused.Add(1, new KeyValuePair<string, object?>("http.response.status_code", status));
}
