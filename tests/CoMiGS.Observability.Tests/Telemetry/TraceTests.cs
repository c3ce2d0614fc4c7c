using System.Collections.Concurrent;
using System.Diagnostics;
using CoMiGS.Diagnostics;
using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Observability.Tests.Telemetry;

/// <summary>One trace follows an update from its training on the device to the disk of the coordinator (W3C trace context over HTTP).</summary>
public sealed class TraceTests
{
    [Fact]
    public async Task An_update_can_be_followed_from_its_device_to_the_commit()
    {
        var spans = new ConcurrentDictionary<string, Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is CoMiGSTelemetry.ActivitySourceName or "System.Net.Http" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => spans[span.SpanId.ToString()] = span,
        };
        ActivitySource.AddActivityListener(listener);
        await using (var run = await HttpRun.StartAsync(rounds: 2, devices: 2))
        {
            await Task.WhenAll(DeviceAsync(run, "anna"), DeviceAsync(run, "ben")).WaitAsync(TimeSpan.FromSeconds(60));
        }

        var commits = spans.Values.Where(span => span.OperationName == "commit" && (string?)span.GetTagItem("comigs.entry") == "UpdateCounts").ToList();

        commits.Should().HaveCount(4, "two devices send an update in each of two rounds");
        foreach (var chain in commits.Select(commit => Chain(commit, spans)))
        {
            chain.Select(span => span.OperationName).Should().Equal(
                "commit", "gate", "Microsoft.AspNetCore.Hosting.HttpRequestIn", "System.Net.Http.HttpRequestOut", "upload", "participation");
            chain.Select(span => span.TraceId).Distinct().Should().ContainSingle();
            var participation = chain[^1];
            spans.Values.Where(span => span.ParentSpanId == participation.SpanId && span.TraceId == participation.TraceId).Select(span => span.OperationName)
                .Should().Contain(["train", "upload"]);
            chain[1].GetTagItem("comigs.round").Should().Be(participation.GetTagItem("comigs.round"));
        }

        commits.Select(commit => Chain(commit, spans)[^1].GetTagItem("comigs.device")).Should().BeEquivalentTo(["anna", "ben", "anna", "ben"]);
    }

    [Fact]
    public async Task A_refused_update_is_marked_at_the_gate()
    {
        var gates = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CoMiGSTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.OperationName == "gate")
                {
                    gates.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var run = await HttpRun.StartAsync(rounds: 1, devices: 1);
        using var device = run.Device();

        await device.UploadAsync(new ExpertUpdate("run", 1, "anna", 1, "base", 10, TensorSet.Empty, new Dictionary<string, double>()));

        gates.Should().ContainSingle().Which.GetTagItem("comigs.refusal.code").Should().Be("RoundNotOpen");
    }

    private static async Task DeviceAsync(HttpRun run, string name)
    {
        using var transport = run.Device();
        await new FederatedDevice("run", name, new ScriptedTraining(10, _ => new Dictionary<string, double>()), transport).RunAsync();
    }

    private static List<Activity> Chain(Activity last, ConcurrentDictionary<string, Activity> spans)
    {
        var chain = new List<Activity> { last };
        while (spans.TryGetValue(chain[^1].ParentSpanId.ToString(), out var parent))
        {
            chain.Add(parent);
        }

        return chain;
    }
}
