using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoMiGS.CoordinatorHost;
using CoMiGS.Telemetry;

namespace CoMiGS.Demo.Tests.Telemetry;

/// <summary>What the coordinator's program shows of itself. It reads the environment, which all tests of this process share: so it runs alone.</summary>
[Collection(Alone)]
[CollectionDefinition(Alone, DisableParallelization = true)]
public sealed class TelemetryExportTests : IDisposable
{
    private const string Alone = "alone with the environment";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_coordinators_program_shows_its_page_and_its_health_and_sends_traces_and_metrics_where_the_environment_says()
    {
        await using var collector = await Collector.StartAsync();
        Environment.SetEnvironmentVariable(TelemetryExport.Collector, collector.Address);
        Environment.SetEnvironmentVariable(Protocol, "http/protobuf");
        using var certificate = Certificate();
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == certificate.Thumbprint });
        var address = $"https://localhost:{FreePort()}";
        using var stop = new CancellationTokenSource();

        var running = CoordinatorProgram.RunAsync(new CoordinatorSettings { Folder = _folder.Path, Listen = address, Certificate = PathOf("tls.pem"), Key = PathOf("tls.key"), Run = "letters" }, stop.Token);

        (await AnswerAsync(http, $"{address}/health/ready", running)).Should().Contain("waiting for 4 of 4 devices");
        (await http.GetStringAsync(new Uri($"{address}/health/live"))).Should().Contain("Healthy");
        (await http.GetStringAsync(new Uri($"{address}/"))).Should().Contain("live.js");
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
        collector.Received("traces").Should().Contain("comigs-coordinator").And.Contain("letters").And.Contain("/health/");
        collector.Received("metrics").Should().Contain("comigs-coordinator").And.Contain("comigs.devices.active");
    }

    [Fact]
    public void Without_a_collector_nothing_is_sent() => TelemetryExport.FromEnvironment("comigs-device", "anna").Should().BeNull();

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(TelemetryExport.Collector, null);
        Environment.SetEnvironmentVariable(Protocol, null);
        _folder.Dispose();
    }

    private static async Task<string> AnswerAsync(HttpClient http, string address, Task running)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (running.IsCompleted)
            {
                await running;
            }

            try
            {
                return await http.GetStringAsync(new Uri(address), patience.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, patience.Token); // it does not listen yet
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(PathOf("tls.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("tls.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
