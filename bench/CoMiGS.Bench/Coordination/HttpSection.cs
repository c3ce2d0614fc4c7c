using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Transport;
using CoMiGS.Transport.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CoMiGS.Bench.Coordination;

/// <summary>Updates and shared parameters over TLS on one machine, beside plain requests that carry the same bytes.</summary>
internal sealed class HttpSection : Section
{
    /// <summary>Its name.</summary>
    public const string Http = "http";

    /// <summary>An update to the coordinator.</summary>
    public const string Upload = "upload";

    /// <summary>Shared parameters to the device.</summary>
    public const string Download = "download";

    /// <summary>A request with the same bytes, which are thrown away.</summary>
    public const string Plain = "plain ";

    private const string Bytes = "bytes";
    private const int Versions = 3; // a device keeps two
    private const int InARow = 4;
    private const double WarmUp = 10; // seconds

    /// <inheritdoc/>
    public override string Name => Http;

    /// <summary>The versions of HTTP.</summary>
    public static IReadOnlyList<string> HttpVersions { get; } = ["1.1", "2.0"];

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) => HttpVersions.Select(version => new Job(Name, version, BlasSetting.Detected.Name, Seconds: 22, smoke));

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var size = SyntheticUpdate.Of(job.Smoke);
        var version = Version.Parse(job.Case);
        TensorSet[] versions = [.. Enumerable.Range(0, Versions).Select(i => size.Numbers(i))];
        var payload = PayloadCodec.Encode(versions[0]);
        using var stop = new CancellationTokenSource();
        var transport = new HttpCoordinatorTransport(new HttpCoordinatorOptions { AllowUnknownDevices = true });
        using var server = new LoopbackServer(routes => routes.MapCoMiGSCoordinator(transport), kestrel => kestrel.UseCoMiGSLimits());
        using var plain = new LoopbackServer(routes =>
        {
            routes.MapPost("/", async context => await context.Request.Body.CopyToAsync(Stream.Null));
            routes.MapGet("/", context =>
            {
                context.Response.ContentLength = payload.Length;
                return context.Response.Body.WriteAsync(payload).AsTask();
            });
        });
        var serving = transport.ServeAsync(new TransferEndpoint(versions), stop.Token);
        var options = new HttpDeviceOptions { HttpVersion = version, Retries = 0 };
        options.ServerAuthorities.Add(LoopbackServer.Certificate);
        using var device = new HttpDeviceTransport(server.Address, options);
        using var client = plain.Client(version);
        var sent = 0;
        var seen = 0L;
        List<Measurement> measured =
        [
            .. job.Time(
            subjects:
            [
                new(Upload, () => InTurn(() => device.UploadAsync(SyntheticUpdate.Update("run", ++sent, "device", versions[0])))),
                new(Plain + Upload, () => InTurn(() => PostAsync(client, payload))),
                new(Download, () => InTurn(() => device.DownloadAsync(new DownloadRequest("run", "device", ++seen)))),
                new(Plain + Download, () => InTurn(() => GetAsync(client))),
            ],
            warmUp: WarmUp),
            job.Of(Bytes, Measurement.Bytes, [payload.Length]),
        ];
        stop.Cancel();
        serving.GetAwaiter().GetResult();
        return measured;
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("HTTP", "", "ms", "min", "spread", "MB/s", "by plain requests");
        foreach (var m in results.Of(Name).Where(m => m.Unit == Measurement.Seconds))
        {
            var each = new Sample([.. m.Values.Select(seconds => seconds / InARow)]);
            table.Add([
                m.Case, m.Subject, .. Text.Times(each), Text.Digits(results.Find(Name, m.Case, Bytes, m.Blas)?.Median / 1e6 / each.Median),
                m.Subject.StartsWith(Plain, StringComparison.Ordinal) ? "" : Text.Ratio(results.Ratio(Name, m.Case, Plain + m.Subject, m.Subject, m.Blas)),
            ]);
        }

        return table.ToString();
    }

    private static void InTurn(Func<Task> transfer)
    {
        for (var i = 0; i < InARow; i++)
        {
            transfer().GetAwaiter().GetResult();
        }
    }

    private static async Task PostAsync(HttpClient client, byte[] payload)
    {
        using var content = new ByteArrayContent(payload);
        using var answer = await client.PostAsync(new Uri("/", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task GetAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        await answer.EnsureSuccessStatusCode().Content.CopyToAsync(Stream.Null);
    }
}
