using System.Net;
using System.Text.Json.Nodes;
using CoMiGS.Federation;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Observability.Tests.Health;

public sealed class HealthTests
{
    private const string Secret = "/srv/where/it/lies/runs.db";

    [Fact]
    public async Task Ready_says_what_is_waited_for()
    {
        await using var host = await RunHost.StartAsync(new RoundOptions { Count = 20, MinimumDevices = 4 });

        (await AskAsync(host, "ready")).Should().Be((HttpStatusCode.OK, "Healthy", "waiting for 4 of 4 devices"));
        await CheckInAsync(host, "a", "b", "c");
        (await AskAsync(host, "ready")).Should().Be((HttpStatusCode.OK, "Healthy", "waiting for 1 of 4 devices"));
        await CheckInAsync(host, "d");
        (await AskAsync(host, "ready")).Should().Be((HttpStatusCode.OK, "Healthy", "round 1 of 20: waiting for 4 of 4 updates"));
        (await AskAsync(host, "live")).Should().Be((HttpStatusCode.OK, "Healthy", "round 1 of 20: waiting for 4 of 4 updates"));
    }

    [Fact]
    public async Task Ready_fails_while_the_store_does_and_says_nothing_of_where_it_lies()
    {
        var (store, time) = (new FailingStore { Failure = new StoreException($"The run cannot be written to {Secret}: no space left.") }, new ShiftedTime());
        await using var host = await RunHost.StartAsync(new RoundOptions { Count = 20, MinimumDevices = 1, RetryWithin = TimeSpan.FromHours(1) }, store: store, time: time);
        await host.Coordinator.Invoking(coordinator => coordinator.CheckInAsync(CheckIn("a"))).Should().ThrowAsync<StoreException>();

        var (status, health, description) = await AskAsync(host, "ready");

        (status, health).Should().Be((HttpStatusCode.ServiceUnavailable, "Unhealthy"));
        description.Should().Contain("the store fails since").And.NotContain(Secret);
        (await AskAsync(host, "live")).Status.Should().Be(HttpStatusCode.OK, "another process would not do better");

        time.Shift = TimeSpan.FromMinutes(1);
        (await AskAsync(host, "ready")).Should().Match<(HttpStatusCode, string, string)>(answer => answer.Item1 == HttpStatusCode.OK && answer.Item2 == "Degraded", "without messages nobody would learn that the store works again");

        store.Failure = null;
        (await host.Coordinator.CheckInAsync(CheckIn("a"))).Should().BeOfType<RoundPlan>();
        (await AskAsync(host, "ready")).Should().Be((HttpStatusCode.OK, "Healthy", "round 1 of 20: waiting for 1 of 1 updates"));
    }

    [Fact]
    public async Task Live_fails_when_the_run_cannot_go_on()
    {
        var store = new FailingStore { Failure = new InvalidOperationException($"a fault that nobody foresaw, in {Secret}") };
        await using var host = await RunHost.StartAsync(new RoundOptions { Count = 20, MinimumDevices = 1, ExpectedDevices = 2, Deadline = TimeSpan.FromMilliseconds(50) }, store: store);
        await CheckInAsync(host, "a");
        await host.Coordinator.Invoking(coordinator => coordinator.Finished.WaitAsync(TimeSpan.FromSeconds(30))).Should().ThrowAsync<InvalidOperationException>();

        (await AskAsync(host, "live")).Should().Be((HttpStatusCode.ServiceUnavailable, "Unhealthy", "the run failed; the log says why"));
        (await AskAsync(host, "ready")).Should().Be((HttpStatusCode.ServiceUnavailable, "Unhealthy", "the run failed; the log says why"));
    }

    private static CheckIn CheckIn(string device) => new("run", device, "base", [new TensorSpec("x", TensorType.Float32, [1])], 10, ProtocolVersion.Current);

    /// <summary>Devices that wait, or have their plan.</summary>
    private static async Task CheckInAsync(RunHost host, params string[] devices)
    {
        foreach (var device in devices)
        {
            _ = host.Coordinator.CheckInAsync(CheckIn(device));
        }

        await Task.CompletedTask;
    }

    private static async Task<(HttpStatusCode Status, string Health, string Description)> AskAsync(RunHost host, string what)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(host.Address, $"/health/{what}"));
        var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (answer.StatusCode, report["status"]!.GetValue<string>(), report["checks"]![$"comigs-{what}"]!["description"]!.GetValue<string>());
    }
}
