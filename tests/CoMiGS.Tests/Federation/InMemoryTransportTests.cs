using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;
using static CoMiGS.Tests.Federation.Federations;

namespace CoMiGS.Tests.Federation;

public sealed class InMemoryTransportTests
{
    [Fact]
    public async Task Every_message_crosses_as_bytes_and_is_counted()
    {
        var kinds = new List<(WireDirection, PayloadKind)>();
        var bytes = 0L;
        var transport = new InMemoryTransport(onMessage: (direction, message) =>
        {
            kinds.Add((direction, PayloadCodec.KindOf(message)));
            bytes += message.Length;
        });
        using var coordinator = Coordinator(new RoundOptions { Count = 2 });

        await RunAsync(transport, coordinator, [Device("a", new FakeTraining(1), transport)]);

        (transport.BytesToCoordinator + transport.BytesToDevices).Should().Be(bytes);
        kinds.Should().Equal(
            (WireDirection.ToCoordinator, PayloadKind.CheckIn), (WireDirection.ToDevice, PayloadKind.RoundPlan),
            (WireDirection.ToCoordinator, PayloadKind.ExpertUpdate), (WireDirection.ToDevice, PayloadKind.UpdateReceipt),
            (WireDirection.ToCoordinator, PayloadKind.CheckIn), (WireDirection.ToDevice, PayloadKind.RoundPlan),
            (WireDirection.ToCoordinator, PayloadKind.DownloadRequest), (WireDirection.ToDevice, PayloadKind.TensorSet),
            (WireDirection.ToCoordinator, PayloadKind.ExpertUpdate), (WireDirection.ToDevice, PayloadKind.UpdateReceipt),
            (WireDirection.ToCoordinator, PayloadKind.CheckIn), (WireDirection.ToDevice, PayloadKind.RunFinished),
            (WireDirection.ToCoordinator, PayloadKind.DownloadRequest), (WireDirection.ToDevice, PayloadKind.TensorSet));
    }

    [Fact]
    public async Task A_refused_download_is_an_exception_with_its_code_on_the_device()
    {
        var transport = new InMemoryTransport();
        using var coordinator = Coordinator(new RoundOptions());
        using var stop = new CancellationTokenSource();
        var serving = transport.ServeAsync(coordinator, stop.Token);

        var download = () => transport.DownloadAsync(new DownloadRequest("run", "a", 3));

        (await download.Should().ThrowAsync<RefusedException>()).Which.Refusal.Code.Should().Be(RefusalCode.UnknownVersion);
        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_device_that_calls_early_waits_for_the_coordinator_and_one_that_calls_late_hears_that_it_stopped()
    {
        var transport = new InMemoryTransport();
        var early = transport.CheckInAsync(Sent.CheckIn("a"));
        early.IsCompleted.Should().BeFalse();
        using var coordinator = Coordinator(new RoundOptions());
        using var stop = new CancellationTokenSource();
        var serving = transport.ServeAsync(coordinator, stop.Token);
        (await early.WaitAsync(Patience)).Should().BeOfType<RoundPlan>();

        await stop.CancelAsync();
        await serving;

        await transport.Invoking(t => t.UploadAsync(Sent.Update("a"))).Should().ThrowAsync<TransportException>().WithMessage("*stopped serving*");
    }

    [Fact]
    public async Task A_check_in_that_is_held_open_ends_when_the_coordinator_stops_and_works_again_with_the_next()
    {
        var transport = new InMemoryTransport();
        using var first = Coordinator(new RoundOptions { MinimumDevices = 2 });
        using var stop = new CancellationTokenSource();
        var serving = transport.ServeAsync(first, stop.Token);
        var held = transport.CheckInAsync(Sent.CheckIn("a"));

        await stop.CancelAsync();
        await held.Invoking(task => task.WaitAsync(Patience)).Should().ThrowAsync<TransportException>();
        await serving;
        using var second = Coordinator(new RoundOptions());
        using var stopSecond = new CancellationTokenSource();
        serving = transport.ServeAsync(second, stopSecond.Token);

        (await transport.CheckInAsync(Sent.CheckIn("a")).WaitAsync(Patience)).Should().BeOfType<RoundPlan>();
        await stopSecond.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task Two_coordinators_at_once_are_refused()
    {
        var transport = new InMemoryTransport();
        using var coordinator = Coordinator(new RoundOptions());
        using var stop = new CancellationTokenSource();
        var serving = transport.ServeAsync(coordinator, stop.Token);

        await transport.Invoking(t => t.ServeAsync(coordinator, stop.Token)).Should().ThrowAsync<InvalidOperationException>().WithMessage("*already serves*");
        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_message_beyond_the_limits_does_not_leave_the_device()
    {
        var transport = new InMemoryTransport(PayloadLimits.Default with { MaxBytes = 60 });

        await transport.Invoking(t => t.CheckInAsync(Sent.CheckIn(new string('a', 100)))).Should().ThrowAsync<PayloadException>();
        transport.BytesToCoordinator.Should().Be(0);
    }
}
