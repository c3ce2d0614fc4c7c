using System.Diagnostics.Metrics;

namespace CoMiGS.Observability.Page;

/// <summary>Metrics of the live page.</summary>
internal static class PageMetrics
{
    private static readonly Meter Meter = new("CoMiGS.Observability");
    private static readonly UpDownCounter<int> Viewers = Meter.CreateUpDownCounter<int>("comigs.page.viewers", "{viewer}", "Those who look at the live page");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("comigs.page.viewers.dropped", "{viewer}", "Viewers that were dropped because they read too slowly");

    public static void ViewersChanged(int change) => Viewers.Add(change);

    public static void ViewerDropped() => Dropped.Add(1);
}
