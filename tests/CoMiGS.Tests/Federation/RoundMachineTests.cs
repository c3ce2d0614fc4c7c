using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Aggregation.FsLora;
using CoMiGS.Aggregation.OneFactor;
using CoMiGS.Aggregation.TestKit;
using CoMiGS.Federation;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Tests.Federation;

public sealed class RoundMachineTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    [Fact]
    public void A_round_opens_when_the_expected_devices_wait()
    {
        var machine = Machine(new RoundOptions { Count = 2, MinimumDevices = 1, ExpectedDevices = 3, LocalSteps = 7, InitialSeed = 5 });

        machine.CheckIn(Sent.CheckIn("b"), Start).Should().BeNull();
        machine.CheckIn(Sent.CheckIn("a"), Start).Should().BeNull();
        machine.WaitingFor.Should().Be("Waiting for devices: 2 of 3.");
        var plan = machine.CheckIn(Sent.CheckIn("c"), Start);

        plan.Should().Be(new RoundPlan("run", 1, 2, Version: 0, InitialSeed: 5, LocalSteps: 7, Sent.Shared, "base", Deadline: null));
        machine.CheckIn(Sent.CheckIn("a"), Start).Should().Be(plan);
        machine.TakeEvents().Should().ContainSingle().Which.Should().BeOfType<RoundOpened>().Which.Devices.Should().Equal("a", "b", "c");
    }

    [Theory]
    [InlineData(1e7)]
    [InlineData(1e-7)]
    [InlineData(double.NaN)]
    public void An_adapter_whose_scale_no_strategy_can_compute_with_is_turned_away(double scale)
    {
        var machine = new RoundMachine(new RoundOptions(), new FlexLoraStrategy());

        machine.CheckIn(new KitDevice("a", 2, scale).CheckIn(), Start).Should().BeOfType<Refused>().Which.Should()
            .Match<Refused>(refused => refused.Code == RefusalCode.Signature && refused.Reason.Contains($"layer.one.lora_A has scale {scale}; between 9.54E-07 and 1048576 is allowed", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("assigned-experts", "FedAmole")]
    [InlineData("peer-trust", "PeerTrust")]
    public void A_device_whose_training_waits_for_what_the_strategy_never_sends_is_turned_away(string ability, string alone)
    {
        var machine = new RoundMachine(new RoundOptions(), new WeightedMean());

        machine.CheckIn(new KitDevice("a", 2, 8).CheckIn(ability), Start).Should().BeOfType<Refused>().Which.Should()
            .Match<Refused>(refused => refused.Code == RefusalCode.Ability && refused.Reason.StartsWith($"A device with '{ability}' works with {alone} alone, and this coordinator uses WeightedMean.", StringComparison.Ordinal));
    }

    [Fact]
    public void What_fits_instead_is_only_what_the_device_could_take_part_in()
    {
        var machine = new RoundMachine(new RoundOptions(), new FfaLora());

        var reason = machine.CheckIn(new KitDevice("a", 2, 8).CheckIn(), Start).Should().BeOfType<Refused>().Which.Reason;

        reason.Should().Contain("WeightedMean").And.NotContain("NoAggregation", "it refuses devices that share").And.NotContain("FedSaLora", "it refuses devices that share B");
    }

    [Fact]
    public void A_device_whose_adapters_are_none_is_told_what_else_it_lacks()
    {
        var machine = new RoundMachine(new RoundOptions(), new FfaLora());
        var share = new DeviceShare("a", 10, [new TensorSpec("a", TensorType.Float32, [2, 3]), new TensorSpec("b", TensorType.Float32, [6])], [new AdapterPair("a", "b", 1)]);

        machine.CheckIn(new KitDevice(share).CheckIn(), Start).Should().BeOfType<Refused>().Which.Code.Should().Be(RefusalCode.Ability);
        machine.CheckIn(new KitDevice(share).CheckIn(FfaLora.Ability), Start).Should().BeOfType<Refused>().Which.Reason.Should().Contain("no factors of one adapter");
    }

    [Fact]
    public void Shared_parameters_of_another_rank_than_the_strategys_own_are_no_start_for_it()
    {
        var device = new KitDevice("a", 4, 4);
        var machine = new RoundMachine(new RoundOptions(), new FsLoraStrategy(new() { Rank = 16 }), initial: new KitDevice("a", 8, 2).Random(1).Tensors);

        machine.CheckIn(device.CheckIn(FsLoraStrategy.Ability), Start).Should().BeOfType<Refused>().Which.Reason
            .Should().StartWith("FsLora cannot go on from these shared parameters").And.Contain("16").And.Contain("8");
        new RoundMachine(new RoundOptions(), new FsLoraStrategy(new() { Rank = 8 }), initial: new KitDevice("a", 8, 2).Random(1).Tensors)
            .CheckIn(device.CheckIn(FsLoraStrategy.Ability), Start).Should().BeOfType<RoundPlan>();
    }

    [Theory]
    [InlineData(12, FsLoraServer.Sgd, "begun otherwise")]
    [InlineData(8, FsLoraServer.Adam, "another optimizer's")]
    [InlineData(8, FsLoraServer.Sgd, null)]
    public void A_run_goes_on_with_the_rank_and_the_optimizer_that_it_was_begun_with(int rank, FsLoraServer server, string? objection)
    {
        var options = new RoundOptions { Count = 2 };
        var device = new KitDevice("a", 4, 4);
        using var log = new InMemoryRoundStore().Open("run");
        var machine = new RoundMachine(options, new FsLoraStrategy(new() { Rank = 8 }), log: log);
        machine.CheckIn(device.CheckIn(FsLoraStrategy.Ability), Start);
        machine.Update(device.Random(1), Start).Accepted.Should().BeTrue();

        var next = FluentActions.Invoking(() => new RoundMachine(options, new FsLoraStrategy(new() { Rank = rank, Server = server }), log: log));

        if (objection is null)
        {
            next.Should().NotThrow();
        }
        else
        {
            next.Should().Throw<InvalidOperationException>().WithMessage($"*{objection}*");
        }
    }

    [Fact]
    public void A_round_closes_when_all_have_answered_and_the_next_starts_from_its_mean()
    {
        var machine = Machine(new RoundOptions { Count = 2, MinimumDevices = 2 });
        machine.CheckIn(Sent.CheckIn("a", samples: 10), Start);
        machine.CheckIn(Sent.CheckIn("b", samples: 20), Start);

        machine.Update(Sent.Update("a", value: 1, samples: 10), Start).Accepted.Should().BeTrue();
        machine.CheckIn(Sent.CheckIn("a", samples: 10), Start).Should().BeNull("device b still works");
        machine.Update(Sent.Update("b", value: 4, samples: 20), Start.AddSeconds(3)).Accepted.Should().BeTrue();

        machine.Version.Should().Be(1);
        Sent.Floats(machine.Shared).Should().Equal(3, 4, -3);
        machine.TakeEvents().Should().ContainEquivalentOf(new RoundClosed(1, 1, 2, 0, TimeSpan.FromSeconds(3)));
        machine.CheckIn(Sent.CheckIn("b", 20), Start).Should().BeOfType<RoundPlan>().Which.Should().Match<RoundPlan>(plan => plan.Round == 2 && plan.Version == 1);
    }

    [Fact]
    public void After_the_last_round_everybody_is_told_the_last_version()
    {
        var machine = Open("a", "b");
        Finish(machine, 1, "a", "b");
        machine.CheckIn(Sent.CheckIn("a"), Start);
        machine.CheckIn(Sent.CheckIn("b"), Start);
        Finish(machine, 2, "a", "b");

        machine.IsFinished.Should().BeTrue();
        machine.CheckIn(Sent.CheckIn("a"), Start).Should().Be(new RunFinished(2, 2));
        machine.CheckIn(Sent.CheckIn("late"), Start).Should().Be(new RunFinished(2, 2));
        machine.RefuseDownload(new DownloadRequest("run", "a", 2)).Should().BeNull();
        machine.ActiveDevices.Should().Be(0);
    }

    [Fact]
    public void Who_comes_while_a_round_is_open_waits_for_the_next()
    {
        var machine = Open("a", "b");

        machine.CheckIn(Sent.CheckIn("c"), Start).Should().BeNull();
        Finish(machine, 1, "a", "b");
        machine.CheckIn(Sent.CheckIn("a"), Start);

        machine.CheckIn(Sent.CheckIn("c"), Start).Should().BeOfType<RoundPlan>().Which.Round.Should().Be(2);
    }

    [Fact]
    public void Without_a_deadline_a_round_waits_for_a_device_that_left_and_hands_it_the_same_plan_again()
    {
        var machine = Open("a", "b");
        machine.Update(Sent.Update("a"), Start);

        machine.NextWake(Start).Should().BeNull();
        machine.Tick(Start.AddDays(300));
        machine.RoundsDone.Should().Be(0);
        machine.CheckIn(Sent.CheckIn("b"), Start.AddDays(300)).Should().BeOfType<RoundPlan>().Which.Round.Should().Be(1);
    }

    [Fact]
    public void At_the_deadline_a_quorum_closes_the_round_by_time_alone()
    {
        var machine = Open(Minute(quorum: 2), "a", "b", "c");
        machine.Update(Sent.Update("a"), Start);
        machine.Update(Sent.Update("b"), Start);

        machine.NextWake(Start).Should().Be(Start.AddMinutes(1));
        machine.Tick(Start.AddSeconds(59));
        machine.RoundsDone.Should().Be(0);
        machine.Tick(Start.AddMinutes(1));

        machine.RoundsDone.Should().Be(1);
        machine.TakeEvents().OfType<RoundClosed>().Should().ContainSingle().Which.Missing.Should().Be(1);
    }

    [Fact]
    public void A_quorum_that_comes_after_the_deadline_closes_the_round_at_once()
    {
        var machine = Open(Minute(quorum: 2), "a", "b", "c");
        machine.Update(Sent.Update("a"), Start);
        machine.Tick(Start.AddMinutes(2));
        machine.RoundsDone.Should().Be(0);

        machine.Update(Sent.Update("b"), Start.AddMinutes(3));

        machine.RoundsDone.Should().Be(1);
    }

    [Fact]
    public void A_round_that_lacks_a_quorum_at_its_deadline_takes_in_whoever_comes()
    {
        var machine = Open(Minute(quorum: 2), "a", "b", "c");
        machine.Update(Sent.Update("a"), Start);
        machine.CheckIn(Sent.CheckIn("d"), Start).Should().BeNull("the deadline is to come");

        var plan = machine.CheckIn(Sent.CheckIn("d"), Start.AddMinutes(2));
        machine.ActiveDevices.Should().Be(3, "b, c and d work, and nobody waits");
        machine.Update(Sent.Update("d"), Start.AddMinutes(3));

        plan.Should().BeOfType<RoundPlan>().Which.Should().Match<RoundPlan>(p => p.Round == 1 && p.Deadline == null);
        machine.RoundsDone.Should().Be(1);
    }

    [Fact]
    public void A_round_opens_at_the_deadline_with_the_quorum_that_has_come()
    {
        var machine = Machine(Minute(quorum: 2));
        machine.CheckIn(Sent.CheckIn("a"), Start);
        machine.NextWake(Start).Should().Be(Start.AddMinutes(1));
        machine.Tick(Start.AddMinutes(2));
        machine.TakeEvents().Should().BeEmpty("one is no quorum");

        machine.CheckIn(Sent.CheckIn("b"), Start.AddMinutes(3)).Should().BeOfType<RoundPlan>().Which.Deadline.Should().Be(Start.AddMinutes(4));
    }

    [Fact]
    public void Who_waited_since_the_last_round_is_not_forgotten_when_nobody_else_comes()
    {
        var machine = Open(Minute(quorum: 1), "a", "b", "c");
        machine.Update(Sent.Update("a"), Start);
        machine.CheckIn(Sent.CheckIn("a"), Start);
        machine.Update(Sent.Update("b"), Start);
        machine.Update(Sent.Update("c"), Start.AddSeconds(30));
        machine.TakeEvents();

        machine.NextWake(Start.AddSeconds(30)).Should().Be(Start.AddSeconds(90));
        machine.Tick(Start.AddSeconds(90));

        machine.TakeEvents().Should().ContainSingle().Which.Should().BeEquivalentTo(new RoundOpened(2, ["a"]));
    }

    [Fact]
    public void A_device_that_stops_waiting_is_not_counted_on()
    {
        var machine = Machine(new RoundOptions { MinimumDevices = 2 });
        machine.CheckIn(Sent.CheckIn("a"), Start);
        machine.Withdraw("a");

        machine.CheckIn(Sent.CheckIn("b"), Start).Should().BeNull();
        machine.ActiveDevices.Should().Be(1);
    }

    [Fact]
    public void A_refused_update_holds_nobody_up_when_there_is_a_quorum()
    {
        var machine = Open(new RoundOptions { MinimumDevices = 1, ExpectedDevices = 2 }, "a", "b");
        machine.Update(Sent.Update("b", value: float.NaN), Start).Code.Should().Be(RefusalCode.NotFinite);

        machine.Update(Sent.Update("a", value: 3), Start);

        machine.RoundsDone.Should().Be(1);
        Sent.Floats(machine.Shared).Should().Equal(3, 4, -3);
    }

    [Fact]
    public void A_device_whose_update_was_refused_may_try_again()
    {
        var machine = Open("a", "b");
        machine.Update(Sent.Update("b", value: float.NaN), Start);
        machine.Update(Sent.Update("a", value: 1), Start);
        machine.RoundsDone.Should().Be(0, "the quorum is two");

        machine.CheckIn(Sent.CheckIn("b"), Start).Should().BeOfType<RoundPlan>().Which.Round.Should().Be(1);
        machine.Update(Sent.Update("b", value: 3, attempt: 2), Start).Accepted.Should().BeTrue();

        Sent.Floats(machine.Shared).Should().Equal(2, 3, -2);
    }

    [Fact]
    public void Rounds_without_shared_parameters_run_when_the_strategy_combines_nothing()
    {
        var machine = new RoundMachine(new RoundOptions { Count = 1, MinimumDevices = 2 }, new NoAggregation());
        foreach (var device in new[] { "a", "b" })
        {
            machine.CheckIn(Sent.CheckIn(device) with { Shared = [] }, Start);
        }

        foreach (var device in new[] { "a", "b" })
        {
            machine.Update(Sent.Update(device) with { Tensors = TensorSet.Empty }, Start).Accepted.Should().BeTrue();
        }

        machine.CheckIn(Sent.CheckIn("a") with { Shared = [] }, Start).Should().Be(new RunFinished(1, 0));
    }

    [Fact]
    public void All_broken_options_are_listed_at_once() =>
        FluentActions.Invoking(() => Machine(new RoundOptions { Run = "", Count = 0, MinimumDevices = 3, ExpectedDevices = 2, LocalSteps = -1, Deadline = TimeSpan.Zero }))
            .Should().Throw<ArgumentException>().WithMessage("*Run is empty*Count is 0*Deadline is 00:00:00*LocalSteps is -1*ExpectedDevices is 2, but MinimumDevices is 3*");

    private static RoundOptions Minute(int quorum) => new() { MinimumDevices = quorum, ExpectedDevices = 3, Deadline = TimeSpan.FromMinutes(1) };

    private static RoundMachine Machine(RoundOptions options) => new(options, new WeightedMean());

    private static RoundMachine Open(params string[] devices) => Open(new RoundOptions { Count = 2, MinimumDevices = devices.Length }, devices);

    private static RoundMachine Open(RoundOptions options, params string[] devices)
    {
        var machine = Machine(options);
        foreach (var device in devices)
        {
            machine.CheckIn(Sent.CheckIn(device), Start);
        }

        machine.TakeEvents().OfType<RoundOpened>().Should().ContainSingle();
        return machine;
    }

    private static void Finish(RoundMachine machine, int round, params string[] devices)
    {
        foreach (var device in devices)
        {
            machine.Update(Sent.Update(device, round), Start);
        }
    }
}
