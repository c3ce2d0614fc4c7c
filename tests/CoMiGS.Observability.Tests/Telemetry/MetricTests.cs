using System.Text.RegularExpressions;
using CoMiGS.Data;
using CoMiGS.Diagnostics;
using CoMiGS.Models;
using CoMiGS.Observability.Tests.Page;
using CoMiGS.Transport;
using CoMiGS.Transport.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS.Observability.Tests.Telemetry;

public sealed partial class MetricTests
{
    private static readonly string[] Meters = [CoMiGSTelemetry.MeterName, "CoMiGS.Transport.Http", "CoMiGS.Observability"];

    [Fact]
    public async Task Every_metric_is_in_the_documentation_with_its_unit_and_none_names_a_device()
    {
        using var metrics = new MetricSums(Meters);
        await using var run = await HttpRun.StartAsync(rounds: 2, devices: 2);
        using var stranger = run.Device();
        await stranger.CheckInAsync(new CheckIn("another run", "stranger", "base", [], 1, ProtocolVersion.Current));
        await stranger.UploadAsync(new ExpertUpdate("run", 1, "stranger", 1, "base", 10, TensorSet.Empty, new Dictionary<string, double>()));

        await TrainAsync(run);
        using var viewer = await EventReader.OpenAsync(run.Address);

        metrics.Sum("comigs.updates.accepted").Should().Be(4);
        metrics.Sum("comigs.updates.refused").Should().Be(1);
        metrics.Sum("comigs.checkins.refused").Should().Be(1);
        metrics.Sum("comigs.store.commit.duration").Should().BePositive();
        metrics.Sum("comigs.store.failures").Should().Be(0);
        metrics.Sum("comigs.round.duration").Should().BePositive();
        metrics.Tags.Should().NotContain(tag => tag.Contains("anna") || tag.Contains("ben") || tag.Contains("stranger")).And.Contain("comigs.entry=UpdateCounts");
        metrics.Units.Should().BeEquivalentTo(Documented());
    }

    [Fact]
    public async Task Bytes_over_http_are_counted_once_at_each_end()
    {
        using var metrics = new MetricSums(Meters);
        await using var run = await HttpRun.StartAsync(rounds: 2, devices: 2);

        await TrainAsync(run);
        await run.StopAsync(); // an answer is counted when it has been sent, which its reader may see first

        var traffic = run.Transport.Traffic!.Value;
        metrics.Sum("comigs.bytes.received", "comigs.side=coordinator").Should().Be(traffic.BytesReceived).And.BeGreaterThan(1000);
        metrics.Sum("comigs.bytes.sent", "comigs.side=coordinator").Should().Be(traffic.BytesSent).And.BeGreaterThan(1000);
        metrics.Sum("comigs.bytes.sent", "comigs.side=device").Should().Be(traffic.BytesReceived, "nothing was lost on the way");
        metrics.Sum("comigs.bytes.received", "comigs.side=device").Should().Be(traffic.BytesSent);
    }

    private static async Task TrainAsync(HttpRun run)
    {
        var services = new ServiceCollection();
        var composed = services.AddCoMiGS();
        foreach (var name in new[] { "anna", "ben" })
        {
            composed.AddDevice(name, device => device
                .UseModel(_ => new Gpt(new GptOptions { VocabularySize = 256, BlockSize = 16, Layers = 2, Heads = 2, Width = 16, Seed = 7 }))
                .UseExperts(e => e.Generalists(1).Specialists(1).Rank(2))
                .UseBilevelTraining(t => (t.Window, t.BatchSize, t.RouterEvery, t.RouterSteps) = (16, 2, 2, 1))
                .UseData(_ => new DeviceData(TextBytes.From($"What {name} writes while it trains. ", "train"), TextBytes.From($"What {name} writes to choose by. ", "valid")))
                .UseTransport(t => t.Http(run.Address.ToString(), o => o.AllowPlainHttpOnLoopback = true)));
        }

        await using var provider = services.BuildServiceProvider();
        await Task.WhenAll(provider.GetServices<CoMiGSDevice>().Select(device => Task.Run(() => device.RunAsync()))).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static Dictionary<string, string?> Documented() => Row().Matches(File.ReadAllText("observability.md")).ToDictionary(row => row.Groups["name"].Value, row => (string?)row.Groups["unit"].Value);

    // | `comigs.round.duration` | s | ...
    [GeneratedRegex(@"^\| `(?<name>comigs\.[a-z._]+)` \| (?<unit>[^ |]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
