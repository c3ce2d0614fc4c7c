using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CoMiGS.Telemetry;

/// <summary>Sends the metrics and traces of this process to a collector, by OpenTelemetry's protocol. How and how often is a matter of the environment, by OpenTelemetry's own variables.</summary>
public sealed class TelemetryExport : IDisposable
{
    /// <summary>The variable that names the collector; without it nothing is sent.</summary>
    public const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // The framework's sources are what carries a trace from the device's request into the coordinator's.
    private static readonly string[] Sources = ["CoMiGS", "System.Net.Http", "Microsoft.AspNetCore"];
    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    private TelemetryExport(string service, string? instance)
    {
        _metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(Describe).AddMeter("CoMiGS*").AddOtlpExporter().Build();
        _traces = Sdk.CreateTracerProviderBuilder().ConfigureResource(Describe).AddSource(Sources).AddOtlpExporter().Build();

        void Describe(ResourceBuilder resource) => resource.AddService(service, serviceInstanceId: instance);
    }

    /// <summary>Begins to send, if the environment names a collector.</summary>
    /// <param name="service">What this process is called there.</param>
    /// <param name="instance">Which one it is; made up if none is given.</param>
    /// <returns>Ends it when disposed, and sends what is left; null without a collector.</returns>
    public static TelemetryExport? FromEnvironment(string service, string? instance = null) =>
        string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(Collector)) ? null : new TelemetryExport(service, instance);

    /// <inheritdoc/>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}
