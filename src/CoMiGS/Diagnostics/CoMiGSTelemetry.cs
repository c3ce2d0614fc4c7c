using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CoMiGS.Diagnostics;

/// <summary>The names under which this library reports metrics and traces.</summary>
public static class CoMiGSTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "CoMiGS";

    /// <summary>Name of the activity source.</summary>
    public const string ActivitySourceName = "CoMiGS";

    internal static Meter Meter { get; } = new(MeterName);

    internal static ActivitySource Source { get; } = new(ActivitySourceName);
}
