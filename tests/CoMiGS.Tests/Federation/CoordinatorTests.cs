using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Tests.Models;
using CoMiGS.Transport;
using static CoMiGS.Tests.Federation.Federations;

namespace CoMiGS.Tests.Federation;

public sealed class CoordinatorTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_check_in_is_held_open_until_the_round_opens()
    {
        using var coordinator = Coordinator(new RoundOptions { MinimumDevices = 2 }, time: _time);
        var first = coordinator.CheckInAsync(Sent.CheckIn("a"));
        first.IsCompleted.Should().BeFalse();

        var second = coordinator.CheckInAsync(Sent.CheckIn("b"));

        (await first.WaitAsync(Patience)).Should().Be(await second.WaitAsync(Patience)).And.BeOfType<RoundPlan>();
    }

    [Fact]
    public async Task A_check_in_that_waited_long_enough_is_asked_to_come_back_within_a_window()
    {
        using var coordinator = Coordinator(new RoundOptions { MinimumDevices = 2, CheckInWait = TimeSpan.FromSeconds(30), RetryWithin = TimeSpan.FromSeconds(5) }, time: _time);
        var waiting = coordinator.CheckInAsync(Sent.CheckIn("a"));

        _time.Advance(TimeSpan.FromSeconds(30));

        (await waiting.WaitAsync(Patience)).Should().Be(new RetryWindow(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5), "Waiting for devices: 1 of 2."));
    }

    [Fact]
    public async Task A_quorum_at_the_deadline_closes_the_round_without_a_message()
    {
        using var coordinator = Coordinator(new RoundOptions { Count = 1, MinimumDevices = 1, ExpectedDevices = 2, Deadline = TimeSpan.FromMinutes(1) }, time: _time);
        await Task.WhenAll(coordinator.CheckInAsync(Sent.CheckIn("a")), coordinator.CheckInAsync(Sent.CheckIn("b"))).WaitAsync(Patience);
        await coordinator.UploadAsync(Sent.Update("a"));
        coordinator.Finished.IsCompleted.Should().BeFalse();

        _time.Advance(TimeSpan.FromMinutes(1));

        (await coordinator.Finished.WaitAsync(Patience)).Should().Be(new RunFinished(1, 1));
        Sent.Floats(coordinator.Shared).Should().Equal(1, 2, -1);
    }

    [Fact]
    public async Task A_deadline_that_passes_while_a_message_is_being_answered_is_not_missed()
    {
        using var coordinator = Coordinator(new RoundOptions { Count = 1, MinimumDevices = 1, ExpectedDevices = 2, Deadline = TimeSpan.FromSeconds(10) }, time: _time);
        await Task.WhenAll(coordinator.CheckInAsync(Sent.CheckIn("a")), coordinator.CheckInAsync(Sent.CheckIn("b"))).WaitAsync(Patience);
        _time.Advance(TimeSpan.FromSeconds(9.9999));
        _time.PassesAtEveryLook = TimeSpan.FromMilliseconds(1);

        await coordinator.UploadAsync(Sent.Update("a"));
        _time.Advance(TimeSpan.FromMinutes(1));

        coordinator.Finished.IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task A_deadline_opens_the_next_round_for_those_who_came()
    {
        using var coordinator = Coordinator(new RoundOptions { MinimumDevices = 1, ExpectedDevices = 2, Deadline = TimeSpan.FromSeconds(10) }, time: _time);
        var waiting = coordinator.CheckInAsync(Sent.CheckIn("a"));

        _time.Advance(TimeSpan.FromSeconds(10));

        (await waiting.WaitAsync(Patience)).Should().BeOfType<RoundPlan>().Which.Deadline.Should().Be(_time.GetUtcNow().AddSeconds(10));
    }

    [Fact]
    public async Task A_round_that_lacks_a_quorum_wakes_who_waits_for_the_next_one()
    {
        using var coordinator = Coordinator(new RoundOptions { MinimumDevices = 2, Deadline = TimeSpan.FromSeconds(10) }, time: _time);
        await Task.WhenAll(coordinator.CheckInAsync(Sent.CheckIn("a")), coordinator.CheckInAsync(Sent.CheckIn("b"))).WaitAsync(Patience);
        var third = coordinator.CheckInAsync(Sent.CheckIn("c"));
        third.IsCompleted.Should().BeFalse();

        _time.Advance(TimeSpan.FromSeconds(10));

        (await third.WaitAsync(Patience)).Should().BeOfType<RoundPlan>().Which.Round.Should().Be(1);
    }

    [Fact]
    public async Task A_refusal_that_leaves_a_round_without_a_quorum_wakes_who_waits_for_the_next_one()
    {
        using var coordinator = Coordinator(new RoundOptions { MinimumDevices = 2 }, time: _time);
        await Task.WhenAll(coordinator.CheckInAsync(Sent.CheckIn("a")), coordinator.CheckInAsync(Sent.CheckIn("b"))).WaitAsync(Patience);
        var third = coordinator.CheckInAsync(Sent.CheckIn("c"));
        await coordinator.UploadAsync(Sent.Update("a"));
        third.IsCompleted.Should().BeFalse();

        await coordinator.UploadAsync(Sent.Update("b", value: float.NaN));

        (await third.WaitAsync(Patience)).Should().BeOfType<RoundPlan>().Which.Round.Should().Be(1);
    }

    [Fact]
    public async Task A_device_whose_connection_breaks_while_it_waits_is_not_counted_on()
    {
        using var coordinator = Coordinator(new RoundOptions { MinimumDevices = 2 }, time: _time);
        using var connection = new CancellationTokenSource();
        var gone = coordinator.CheckInAsync(Sent.CheckIn("a"), connection.Token);
        await connection.CancelAsync();
        await FluentActions.Awaiting(() => gone.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();

        var other = coordinator.CheckInAsync(Sent.CheckIn("b"));

        other.IsCompleted.Should().BeFalse("only one device waits");
    }

    [Fact]
    public async Task A_device_that_came_back_is_counted_on_when_its_old_connection_breaks()
    {
        using var coordinator = Coordinator(new RoundOptions { MinimumDevices = 2 }, time: _time);
        using var old = new CancellationTokenSource();
        var lost = coordinator.CheckInAsync(Sent.CheckIn("a"), old.Token);
        var again = coordinator.CheckInAsync(Sent.CheckIn("a"));
        await old.CancelAsync();
        await FluentActions.Awaiting(() => lost.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();

        var other = coordinator.CheckInAsync(Sent.CheckIn("b"));

        (await again.WaitAsync(Patience)).Should().Be(await other.WaitAsync(Patience)).And.BeOfType<RoundPlan>();
    }

    [Fact]
    public async Task A_strategy_that_fails_at_the_deadline_fails_the_run_and_not_the_process()
    {
        var heard = new Heard();
        using var coordinator = new Coordinator(new RoundOptions { ExpectedDevices = 2, Deadline = TimeSpan.FromSeconds(1) }, new Broken(), heard, _time);
        await Task.WhenAll(coordinator.CheckInAsync(Sent.CheckIn("a")), coordinator.CheckInAsync(Sent.CheckIn("b"))).WaitAsync(Patience);
        await coordinator.UploadAsync(Sent.Update("a"));

        _time.Advance(TimeSpan.FromSeconds(1));

        await FluentActions.Awaiting(() => coordinator.Finished.WaitAsync(Patience)).Should().ThrowAsync<NotSupportedException>();
        _time.Advance(TimeSpan.FromSeconds(1));
        heard.Messages.Should().ContainSingle(message => message.StartsWith("Run run cannot go on", StringComparison.Ordinal), "the log says it, once");
    }

    [Fact]
    public async Task A_strategy_that_fails_when_the_last_update_closes_the_round_fails_the_run_and_says_so_to_whoever_calls()
    {
        var transport = new InMemoryTransport();
        using var coordinator = Coordinator(new RoundOptions { MinimumDevices = 2 }, new Broken(), _time);
        using var stop = new CancellationTokenSource();
        var serving = transport.ServeAsync(coordinator, stop.Token);
        await Task.WhenAll(transport.CheckInAsync(Sent.CheckIn("a")), transport.CheckInAsync(Sent.CheckIn("b"))).WaitAsync(Patience);
        (await transport.UploadAsync(Sent.Update("a"))).Accepted.Should().BeTrue();
        coordinator.Finished.IsCompleted.Should().BeFalse();

        var last = () => transport.UploadAsync(Sent.Update("b"));

        (await last.Should().ThrowAsync<InvalidOperationException>()).WithMessage("The run 'run' cannot go on*start the coordinator anew*broken on purpose").WithInnerException<NotSupportedException>();
        await FluentActions.Awaiting(() => coordinator.Finished.WaitAsync(Patience)).Should().ThrowAsync<NotSupportedException>();
        await transport.Invoking(t => t.CheckInAsync(Sent.CheckIn("a"))).Should().ThrowAsync<InvalidOperationException>();
        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_strategy_that_fails_when_the_last_device_opens_the_round_fails_the_run()
    {
        using var coordinator = Coordinator(new RoundOptions(), new Broken(begins: false), _time);

        await coordinator.Invoking(c => c.CheckInAsync(Sent.CheckIn("a"))).Should().ThrowAsync<InvalidOperationException>();

        await FluentActions.Awaiting(() => coordinator.Finished.WaitAsync(Patience)).Should().ThrowAsync<NotSupportedException>();
    }

    [Fact]
    public async Task An_update_that_the_strategy_will_not_have_fails_its_message_and_not_the_run()
    {
        using var coordinator = Coordinator(new RoundOptions { MinimumDevices = 2 }, new Broken(unwanted: "a"), _time);
        await Task.WhenAll(coordinator.CheckInAsync(Sent.CheckIn("a")), coordinator.CheckInAsync(Sent.CheckIn("b"))).WaitAsync(Patience);

        await coordinator.Invoking(c => c.UploadAsync(Sent.Update("a"))).Should().ThrowAsync<ArgumentException>();

        coordinator.Finished.IsCompleted.Should().BeFalse("one device must not end the run of all");
        (await coordinator.UploadAsync(Sent.Update("b"))).Accepted.Should().BeTrue();
    }

    /// <summary>Ends no round, and may begin none.</summary>
    private sealed class Broken(string unwanted = "", bool begins = true) : IAggregationStrategy, IAggregation
    {
        public string Name => "Broken";

        public int Count { get; private set; }

        public string? Objection(DeviceShare device, DeviceShare? first) => null;

        public IAggregation Begin(RunMoment moment) => begins ? this : throw new NotSupportedException("broken on purpose");

        public void Add(DeviceShare device, ExpertUpdate update) =>
            Count += update.Device != unwanted ? 1 : throw new ArgumentException("unwanted on purpose", nameof(update));

        public TensorSet Complete() => throw new NotSupportedException("broken on purpose");
    }
}
