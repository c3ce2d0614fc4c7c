using System.Globalization;
using System.Net;
using CoMiGS.Aggregation;
using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Federation;
using CoMiGS.Storage.Sqlite;
using CoMiGS.Transport;
using CoMiGS.Transport.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CoMiGS.Bench.Coordination;

/// <summary>Whole rounds without any training, beside the same messages without a coordinator.</summary>
internal sealed class RoundSection : Section
{
    /// <summary>Its name.</summary>
    public const string Rounds = "rounds";

    /// <summary>Check-in, download and update of every device, and the mean.</summary>
    public const string Round = "round";

    private const string Messages = "messages alone";
    private const string InMemory = "in memory", Stored = "in memory, SQLite", OverHttp = "HTTPS";
    private const string Run = "run";
    private const int Requests = 5; // check-in, download, and three for an update

    private static readonly int[] DeviceCounts = [4, 100, 1000], SmokeDeviceCounts = [2, 4];

    /// <inheritdoc/>
    public override string Name => Rounds;

    private static SyntheticUpdate Size { get; } = new(2, 8, 64);

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) =>
        from way in new[] { InMemory, Stored, OverHttp }
        from devices in smoke ? SmokeDeviceCounts : DeviceCounts
        select new Job(Name, string.Join(Measurement.Separator, way, devices.ToString(CultureInfo.InvariantCulture)), BlasSetting.Detected.Name, Seconds: 4, smoke);

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var (way, count) = Parts(job.Case);
        List<string> devices = [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"device {i}"))];
        var folder = Directory.CreateTempSubdirectory("comigs").FullName;
        try
        {
            using var stop = new CancellationTokenSource();
            using var coordinator = new Coordinator(
                new RoundOptions { Run = Run, Count = int.MaxValue, MinimumDevices = count }, new WeightedMean(), store: way == Stored ? new SqliteRoundStore(Path.Combine(folder, "runs.db")) : null);
            return way == OverHttp ? OverHttps(job, coordinator, devices, stop) : Within(job, coordinator, devices, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("", "devices", "ms a round", "min", "spread", "ms a device", "/ messages alone");
        foreach (var m in results.Of(Name).Where(m => m.Subject == Round))
        {
            var (way, count) = Parts(m.Case);
            table.Add([way, Text.Thousands(count), .. Text.Times(m.Sample()), Text.Milliseconds(m.Sample().Median / count), Text.Ratio(results.Ratio(Name, m.Case, Round, Messages, m.Blas))]);
        }

        return table.ToString();
    }

    private static (string Way, int Devices) Parts(string of) => of.Split(Measurement.Separator) is [var way, var devices] ? (way, int.Parse(devices, CultureInfo.InvariantCulture)) : throw new FormatException(of);

    private static List<Measurement> Within(Job job, Coordinator coordinator, List<string> devices, CancellationTokenSource stop)
    {
        var transport = new InMemoryTransport();
        var serving = transport.ServeAsync(coordinator, stop.Token);
        var numbers = Size.Numbers(1);
        var sums = numbers.Select(tensor => new float[tensor.Spec.ElementCount]).ToList();
        List<Measurement> measured = [.. job.Time([new(Round, () => Lead(transport, devices, numbers)), new(Messages, () => devices.ForEach(device => Exchange(device, numbers, sums)))])];
        stop.Cancel();
        serving.GetAwaiter().GetResult();
        return measured;
    }

    private static List<Measurement> OverHttps(Job job, Coordinator coordinator, List<string> devices, CancellationTokenSource stop)
    {
        var numbers = Size.Numbers(1);
        var payload = PayloadCodec.Encode(numbers);
        var transport = new HttpCoordinatorTransport(new HttpCoordinatorOptions { AllowUnknownDevices = true, ArrivalsPerSecond = 1e6 });
        using var server = new LoopbackServer(routes => routes.MapCoMiGSCoordinator(transport), kestrel => kestrel.UseCoMiGSLimits());
        using var plain = new LoopbackServer(routes => routes.MapPost("/", async context => await context.Request.Body.CopyToAsync(Stream.Null)));
        var serving = transport.ServeAsync(coordinator, stop.Token);
        var options = new HttpDeviceOptions { HttpVersion = HttpVersion.Version11 };
        options.ServerAuthorities.Add(LoopbackServer.Certificate);
        using var device = new HttpDeviceTransport(server.Address, options);
        using var client = plain.Client(HttpVersion.Version11);
        List<Measurement> measured = [.. job.Time([new(Round, () => Lead(device, devices, numbers)), new(Messages, () => Task.WhenAll(devices.Select(_ => PostAsync(client, payload))).GetAwaiter().GetResult())])];
        stop.Cancel();
        serving.GetAwaiter().GetResult();
        return measured;
    }

    private static void Lead(IDeviceTransport transport, List<string> devices, TensorSet numbers) => Task.WhenAll(devices.Select(device => TakePartAsync(transport, device, numbers))).GetAwaiter().GetResult();

    private static async Task TakePartAsync(IDeviceTransport transport, string device, TensorSet numbers)
    {
        var plan = (RoundPlan)await transport.CheckInAsync(SyntheticUpdate.CheckIn(Run, device, numbers.Specs));
        if (plan.Version > 0)
        {
            await transport.DownloadAsync(new DownloadRequest(Run, device, plan.Version));
        }

        var receipt = await transport.UploadAsync(SyntheticUpdate.Update(Run, plan.Round, device, numbers));
        if (!receipt.Accepted)
        {
            throw new InvalidOperationException($"The update of {device} in round {plan.Round} was refused: {receipt.Reason}");
        }
    }

    /// <summary>What a device and a coordinator say to each other in a round, as bytes and back, and the numbers added up.</summary>
    private static void Exchange(string device, TensorSet numbers, List<float[]> sums)
    {
        PayloadCodec.DecodeCheckIn(PayloadCodec.Encode(SyntheticUpdate.CheckIn(Run, device, numbers.Specs)));
        PayloadCodec.DecodeCheckInReply(PayloadCodec.Encode(new RoundPlan(Run, 1, 1, 1, 1, 1, numbers.Specs, SyntheticUpdate.Base, null)));
        PayloadCodec.DecodeDownloadRequest(PayloadCodec.Encode(new DownloadRequest(Run, device, 1)));
        PayloadCodec.DecodeTensorSet(PayloadCodec.Encode(numbers));
        var update = PayloadCodec.DecodeExpertUpdate(PayloadCodec.Encode(SyntheticUpdate.Update(Run, 1, device, numbers)));
        for (var i = 0; i < sums.Count; i++)
        {
            PlainSum.Add(sums[i], update.Tensors[i].AsFloats(), 0.1f);
        }

        PayloadCodec.DecodeUpdateReceipt(PayloadCodec.Encode(UpdateReceipt.Counted));
    }

    private static async Task PostAsync(HttpClient client, byte[] payload)
    {
        for (var i = 0; i < Requests; i++)
        {
            using var content = new ByteArrayContent(payload);
            using var answer = await client.PostAsync(new Uri("/", UriKind.Relative), content);
            answer.EnsureSuccessStatusCode();
        }
    }
}
