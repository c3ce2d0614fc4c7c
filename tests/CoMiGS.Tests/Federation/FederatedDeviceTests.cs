using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;
using static CoMiGS.Tests.Federation.Federations;

namespace CoMiGS.Tests.Federation;

public sealed class FederatedDeviceTests
{
    private readonly InMemoryTransport _transport = new();

    [Fact]
    public async Task Two_devices_end_with_the_same_shared_parameters()
    {
        var (poor, rich) = (new FakeTraining(step: 1, samples: 1), new FakeTraining(step: 4, samples: 2));
        using var coordinator = Coordinator(new RoundOptions { Count = 3, MinimumDevices = 2, LocalSteps = 2, InitialSeed = 100 });

        await RunAsync(_transport, coordinator, [Device("poor", poor, _transport), Device("rich", rich, _transport)]);

        // every round adds 2 steps of the weighted mean step, (1 * 1 + 2 * 4) / 3 = 3
        poor.Values.Should().Equal(118, 118, 118);
        rich.Values.Should().Equal(poor.Values);
        poor.Calls.Should().Equal("initialise 100", "train 2", "import", "train 2", "import", "train 2", "import");
    }

    [Fact]
    public async Task Stages_are_reported_in_order_with_the_bytes_of_shared_parameters()
    {
        var moments = new List<DeviceMoment>();
        using var coordinator = Coordinator(new RoundOptions { Count = 2 });

        await RunAsync(_transport, coordinator, [Device("a", new FakeTraining(1), _transport, moments.Add)]);

        moments.Select(m => (m.Stage, m.Round, m.BytesSent, m.BytesReceived)).Should().Equal(
            (DeviceStage.Synchronised, 1, 0, 0),
            (DeviceStage.Trained, 1, 0, 0),
            (DeviceStage.Uploaded, 1, 12, 0),
            (DeviceStage.Synchronised, 2, 12, 12),
            (DeviceStage.Trained, 2, 12, 12),
            (DeviceStage.Uploaded, 2, 24, 12),
            (DeviceStage.Finished, 2, 24, 24));
        moments.Should().AllSatisfy(m => (m.Device, m.Rounds).Should().Be(("a", 2)));
        moments.Single(m => m is { Stage: DeviceStage.Trained, Round: 2 }).Metrics.Should().ContainKey("loss");
    }

    [Fact]
    public async Task Devices_that_share_nothing_on_purpose_train_alone_and_send_no_parameters()
    {
        var moments = new List<DeviceMoment>();
        var (one, other) = (new FakeTraining(step: 1, shared: []), new FakeTraining(step: 4, shared: []));
        using var coordinator = Coordinator(new RoundOptions { Count = 3, MinimumDevices = 2, LocalSteps = 1 }, new NoAggregation());

        await RunAsync(_transport, coordinator, [Device("one", one, _transport, moments.Add), Device("other", other, _transport)]);

        one.Values.Should().Equal(3, 3, 3);
        other.Values.Should().Equal(12, 12, 12);
        one.Calls.Should().Equal("train 1", "train 1", "train 1");
        moments.Should().AllSatisfy(m => (m.BytesSent + m.BytesReceived).Should().Be(0));
    }

    [Fact]
    public async Task A_device_that_shares_nothing_where_others_combine_is_refused_by_name()
    {
        using var coordinator = Coordinator(new RoundOptions());

        var run = () => RunAsync(_transport, coordinator, [Device("anna", new FakeTraining(1, shared: []), _transport)]);

        (await run.Should().ThrowAsync<FederationException>().WithMessage("*device 'anna' away (NothingShared)*shares none*")).Which.Device.Should().Be("anna");
    }

    [Fact]
    public async Task A_device_whose_training_diverged_is_told_and_the_others_finish()
    {
        var good = new FakeTraining(step: 1);
        var time = new ManualTime();
        using var coordinator = Coordinator(new RoundOptions { Count = 2, MinimumDevices = 1, ExpectedDevices = 2, LocalSteps = 1, InitialSeed = 0, Deadline = TimeSpan.FromSeconds(10) }, time: time);
        using var stop = new CancellationTokenSource();
        var serving = _transport.ServeAsync(coordinator, stop.Token);

        var bad = Device("bad", new FakeTraining(step: float.NaN), _transport).RunAsync();
        var rest = Device("good", good, _transport).RunAsync();

        (await bad.Invoking(task => task.WaitAsync(Patience)).Should().ThrowAsync<FederationException>()).Which.Refusal.Code.Should().Be(RefusalCode.NotFinite);
        using var patience = new CancellationTokenSource(Patience);
        while (!rest.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(1, patience.Token);
        }

        await rest;
        good.Values.Should().Equal(2, 2, 2);
        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task Exceptions_of_the_training_pass_through()
    {
        using var coordinator = Coordinator(new RoundOptions());
        var training = new FakeTraining(1) { WhileTraining = _ => throw new ArithmeticException("loss of device a is NaN in step 3") };

        var run = () => RunAsync(_transport, coordinator, [Device("a", training, _transport)]);

        await run.Should().ThrowAsync<ArithmeticException>().WithMessage("*device a*step 3*");
    }

    [Fact]
    public async Task A_device_that_is_cancelled_while_it_trains_leaves_and_sends_nothing()
    {
        using var leave = new CancellationTokenSource();
        var training = new FakeTraining(1) { WhileTraining = _ => leave.Cancel() };
        using var coordinator = Coordinator(new RoundOptions());
        using var stop = new CancellationTokenSource();
        var serving = _transport.ServeAsync(coordinator, stop.Token);

        var run = Device("a", training, _transport).RunAsync(leave.Token);

        await run.Invoking(task => task.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
        coordinator.Shared.Should().BeEmpty();
        training.Values.Should().Equal([42, 42, 42], "a cancelled step is not made");
        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_device_that_leaves_does_not_hang_the_others_when_there_is_a_deadline()
    {
        using var leave = new CancellationTokenSource();
        var staying = new FakeTraining(step: 1);
        using var coordinator = Coordinator(new RoundOptions { Count = 3, MinimumDevices = 1, ExpectedDevices = 2, LocalSteps = 1, InitialSeed = 0, Deadline = TimeSpan.FromSeconds(0.2) });
        using var stop = new CancellationTokenSource();
        var serving = _transport.ServeAsync(coordinator, stop.Token);

        var leaving = Device("leaves", new FakeTraining(1) { WhileTraining = _ => leave.Cancel() }, _transport).RunAsync(leave.Token);
        var stays = Device("stays", staying, _transport).RunAsync();

        (await stays.WaitAsync(Patience)).Rounds.Should().Be(3);
        await leaving.Invoking(task => task.WaitAsync(Patience)).Should().ThrowAsync<OperationCanceledException>();
        staying.Values.Should().Equal(3, 3, 3);
        await stop.CancelAsync();
        await serving;
    }

    [Fact]
    public async Task A_device_that_is_too_late_goes_on_with_the_next_round()
    {
        var slow = new Scripted(
            Plan(round: 1, version: 0), UpdateReceipt.Refuse(RefusalCode.RoundClosed, "over"),
            new RetryWindow(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), "wait"),
            Plan(round: 2, version: 1), new RefusedException(new Refused(RefusalCode.UnknownVersion, "gone")),
            Plan(round: 3, version: 2), Sent.Tensors(7, 7, 7), UpdateReceipt.Counted,
            new RunFinished(3, 3), Sent.Tensors(9, 9, 9));
        var training = new FakeTraining(1);

        await Device("slow", training, slow).RunAsync().WaitAsync(Patience);

        training.Calls.Should().Equal("initialise 0", "train 1", "import", "train 1", "import");
        training.Values.Should().Equal(9, 9, 9);
        slow.Sent.OfType<ExpertUpdate>().Select(update => (update.Round, update.Attempt)).Should().Equal((1, 1), (3, 1));
    }

    [Fact]
    public async Task A_device_that_the_next_coordinator_does_not_know_checks_in_once_more()
    {
        var unknown = new RefusedException(new Refused(RefusalCode.NotInRound, "Check in first."));
        var exchanged = new Scripted(Plan(round: 1, version: 1), unknown, new RunFinished(1, 1), unknown, new RunFinished(1, 1), Sent.Tensors(9, 9, 9));
        var training = new FakeTraining(1);

        await Device("a", training, exchanged).RunAsync().WaitAsync(Patience);

        training.Calls.Should().Equal("import");
    }

    [Fact]
    public async Task A_second_try_of_the_same_round_counts_as_another_attempt()
    {
        var again = new Scripted(
            Plan(round: 1, version: 0), UpdateReceipt.Refuse(RefusalCode.NotInRound, "restarted"),
            Plan(round: 1, version: 0), UpdateReceipt.Counted,
            new RunFinished(1, 0));

        await Device("a", new FakeTraining(1), again).RunAsync().WaitAsync(Patience);

        again.Sent.OfType<ExpertUpdate>().Select(update => update.Attempt).Should().Equal(1, 2);
    }

    [Fact]
    public async Task A_plan_for_other_parameters_is_not_followed()
    {
        var training = new FakeTraining(1);
        var greedy = new Scripted(Plan(round: 1, version: 0) with { Shared = [new("h.0.mlp.router.weight", TensorType.Float32, [2, 8])] });

        var run = () => Device("a", training, greedy).RunAsync().WaitAsync(Patience);

        await run.Should().ThrowAsync<FederationException>().WithMessage("*plan of round 1 does not fit device 'a'*router*");
        training.Calls.Should().BeEmpty();
    }

    private static RoundPlan Plan(int round, long version) => new("run", round, 3, version, 0, 1, Sent.Shared, "base", null);
}
