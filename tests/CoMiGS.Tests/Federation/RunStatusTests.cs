using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Federation;

public sealed class RunStatusTests
{
    [Fact]
    public async Task A_coordinator_says_where_its_run_and_every_device_stand()
    {
        using var coordinator = new Coordinator(new RoundOptions { Count = 2, MinimumDevices = 2, ExpectedDevices = 3, CheckInWait = TimeSpan.FromMinutes(1) }, new UniformMean());
        var waiting = new List<Task<CheckInReply>> { coordinator.CheckInAsync(Sent.CheckIn("b")), coordinator.CheckInAsync(Sent.CheckIn("a")) };
        Seen(coordinator).Should().Be("waiting for 1 of 3 devices: a Waiting, b Waiting");

        waiting.Add(coordinator.CheckInAsync(Sent.CheckIn("c")));
        await Task.WhenAll(waiting).WaitAsync(Federations.Patience);
        Seen(coordinator).Should().Be("round 1 of 2: waiting for 3 of 3 updates: a Training, b Training, c Training");

        await coordinator.UploadAsync(Sent.Update("a", value: 1));
        await coordinator.UploadAsync(Sent.Update("b", value: float.NaN));
        Seen(coordinator).Should().Be("round 1 of 2: waiting for 1 of 3 updates: a Counted, b Refused, c Training");

        await coordinator.UploadAsync(Sent.Update("b", value: 2));
        await coordinator.UploadAsync(Sent.Update("c", value: 3));
        Seen(coordinator).Should().Be("waiting for 3 of 3 devices: a Counted, b Counted, c Counted", "they have not come back from the round");
        coordinator.Status.Should().Match<RunStatus>(status => status.RoundsDone == 1 && status.Version == 1 && status.OpenRound == null && status.Trouble == null && !status.IsFinished);
    }

    [Fact]
    public async Task Who_listens_hears_what_happens_as_who_was_named_at_the_beginning_does()
    {
        var (first, second) = (new List<RoundEvent>(), new List<RoundEvent>());
        var transport = new InMemoryTransport();
        using var coordinator = Federations.Coordinator(new RoundOptions { Count = 1 }, onEvent: first.Add);
        coordinator.Happened += second.Add;

        await Federations.RunAsync(transport, coordinator, [Federations.Device("a", new FakeTraining(1), transport)]);

        second.Should().Equal(first).And.HaveCountGreaterThan(3);
    }

    private static string Seen(Coordinator coordinator) =>
        $"{coordinator.Status.WaitingFor}: {string.Join(", ", coordinator.Status.Devices.Select(device => $"{device.Name} {device.State}"))}";
}
