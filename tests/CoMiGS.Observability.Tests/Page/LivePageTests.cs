using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Observability.Page;
using CoMiGS.Transport;

namespace CoMiGS.Observability.Tests.Page;

public sealed class LivePageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Who_connects_gets_the_whole_and_then_what_is_new()
    {
        await using var host = await RunHost.StartAsync(Federation.Options(4));
        var goOn = new TaskCompletionSource();
        var run = await Federation.RunUntilAsync(host, 3, goOn.Task);
        using var viewer = await EventReader.OpenAsync(host.Address);

        var first = await viewer.MessageAsync();

        viewer.Answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        first["whole"]!.GetValue<bool>().Should().BeTrue();
        Text(first, "run", "done", "rounds", "open", "waitingFor").Should().Be("letters 2 4 3 round 3 of 4: waiting for 4 of 4 updates");
        first["head"]!["states"]!["training"]!.GetValue<int>().Should().Be(4);
        first["rounds"]!.AsArray().Select(row => row!["round"]!.GetValue<int>()).Should().Equal(1, 2, 3);
        goOn.SetResult();
        var last = await viewer.UntilAsync(message => message["head"]!["finished"]!.GetValue<bool>());
        last["whole"]!.GetValue<bool>().Should().BeFalse();
        last["rounds"]!.AsArray().Select(row => row!["round"]!.GetValue<int>()).Should().NotContain([1, 2], "they have not changed");
        await run.WaitAsync(Patience);
    }

    [Fact]
    public async Task Losses_are_means_weighted_by_samples_and_bytes_add_up()
    {
        await using var host = await RunHost.StartAsync(new RoundOptions { Count = 2, MinimumDevices = 2 });
        await Task.WhenAll(Device("a", 100, 1, 0.25), Device("b", 300, 2, 0.75)).WaitAsync(Patience);
        using var viewer = await EventReader.OpenAsync(host.Address);

        var state = await viewer.MessageAsync();

        var round = state["rounds"]![0]!;
        round["loss"]!.GetValue<double>().Should().BeApproximately(1.75, 1e-12, "(100 * 1 + 300 * 2) / 400");
        round["heldOutLoss"].Should().BeNull("none was reported");
        round["accepted"]!.GetValue<int>().Should().Be(2);
        state["layers"]!.ToJsonString().Should().Be("""[{"layer":"h.0.mlp","share":0.625}]""", "(100 * 0.25 + 300 * 0.75) / 400");
        state["head"]!["up"]!.GetValue<long>().Should().Be(host.Transport.BytesToCoordinator);
        state["rounds"]!.AsArray().Sum(row => row!["up"]!.GetValue<long>()).Should().BeInRange(1, host.Transport.BytesToCoordinator);

        Task Device(string name, long samples, double loss, double share) => host.RunDeviceAsync(name, new ScriptedTraining(samples, _ => new Dictionary<string, double>
        {
            [UpdateMetrics.Loss] = loss,
            [UpdateMetrics.GeneralistShare("h.0.mlp")] = share,
            [UpdateMetrics.GeneralistShare("h.1.mlp")] = 7, // no share
            [UpdateMetrics.HeldOutLoss] = double.NaN,
        }));
    }

    [Fact]
    public async Task Without_names_no_word_of_a_device_is_sent()
    {
        await using var host = await RunHost.StartAsync(new RoundOptions { Count = 1, MinimumDevices = 2 }, page => page.ShowDeviceNames = false);
        await host.Coordinator.UploadAsync(new ExpertUpdate("run", 1, "secretly", 1, "my secret base", 1, TensorSet.Empty, new Dictionary<string, double>()));
        _ = host.Coordinator.CheckInAsync(new CheckIn("run", "secretly", "my secret base", [new TensorSpec("x", TensorType.Float32, [1])], 10, ProtocolVersion.Current));
        await host.Coordinator.CheckInAsync(new CheckIn("run", "other", "secret too", [new TensorSpec("x", TensorType.Float32, [1])], 10, ProtocolVersion.Current));
        using var viewer = await EventReader.OpenAsync(host.Address);

        var state = await viewer.MessageAsync();

        state.ToJsonString().Should().NotContain("secret").And.Contain("device 1").And.Contain("RoundNotOpen").And.Contain("BaseFingerprint");
    }

    [Fact]
    public async Task A_viewer_to_whom_nothing_happens_hears_that_the_line_is_alive()
    {
        await using var host = await RunHost.StartAsync(Federation.Options(4), page => page.Heartbeat = TimeSpan.FromMilliseconds(100));
        using var viewer = await EventReader.OpenAsync(host.Address);
        await viewer.MessageAsync();

        (await viewer.LineAsync()).Should().Be(": still here");
        (await viewer.LineAsync()).Should().Be(": still here");
    }

    [Fact]
    public async Task A_viewer_that_does_not_read_is_dropped_and_holds_nobody_up()
    {
        await using var host = await RunHost.StartAsync(new RoundOptions { Count = 1, MinimumDevices = 1_000_000 }, page => (page.Patience, page.MostViewers) = (TimeSpan.FromSeconds(3), 2));
        using var count = new MetricSums("CoMiGS.Observability");
        using var slow = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await slow.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await slow.SendAsync(Encoding.ASCII.GetBytes("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        using var viewer = await EventReader.OpenAsync(host.Address);
        using var patience = new CancellationTokenSource(Patience);
        var last = long.MaxValue;
        var reading = Task.Run(() => viewer.UntilAsync(message => message["codes"]?["UnknownRun"]?.GetValue<long>() >= Interlocked.Read(ref last)));

        for (var devices = 0; count.Sum("comigs.page.viewers.dropped") == 0; devices++)
        {
            // Whoever joins is shown to all, with a name that soon fills what the network holds for one that does not read.
            _ = host.Coordinator.CheckInAsync(new CheckIn("run", $"{devices} {new string('x', 2000)}", "base", [new TensorSpec("x", TensorType.Float32, [1])], 10, ProtocolVersion.Current), patience.Token);
            await Task.Delay(2, patience.Token);
        }

        Interlocked.Exchange(ref last, 1);
        await host.Coordinator.CheckInAsync(new CheckIn("another run", "device", "base", [], 1, ProtocolVersion.Current), patience.Token);
        await reading.WaitAsync(patience.Token);
        while (count.Sum("comigs.page.viewers") > 1) // it is counted as dropped before it is gone
        {
            await Task.Delay(2, patience.Token);
        }

        count.Sum("comigs.page.viewers").Should().Be(1, "the one that reads is still there");
    }

    [Fact]
    public async Task More_viewers_than_there_is_room_for_are_asked_to_come_back()
    {
        await using var host = await RunHost.StartAsync(Federation.Options(4), page => page.MostViewers = 1);
        using var first = await EventReader.OpenAsync(host.Address);
        await first.MessageAsync();

        using var second = await EventReader.OpenAsync(host.Address);

        second.Answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_host_that_stops_waits_for_no_viewer()
    {
        var host = await RunHost.StartAsync(Federation.Options(4));
        using var viewer = await EventReader.OpenAsync(host.Address);
        await viewer.MessageAsync();

        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        (await viewer.LineAsync()).Should().BeNull();
    }

    [Fact]
    public void Options_that_make_no_sense_are_listed_at_once()
    {
        var map = () => RunHost.StartAsync(Federation.Options(1), page => (page.Interval, page.Patience, page.MostViewers) = (TimeSpan.Zero, TimeSpan.FromDays(2), 0)).GetAwaiter().GetResult();

        map.Should().Throw<ArgumentException>().WithMessage("*Interval is 00:00:00*Patience is 2.00:00:00*MostViewers is 0*");
    }

    private static string Text(JsonNode message, params string[] names) => string.Join(' ', names.Select(name => message["head"]![name]!.ToString()));
}
