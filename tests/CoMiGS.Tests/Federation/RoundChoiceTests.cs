using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FsLora;
using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Federation;

/// <summary>Whom a round takes, for how many it waits, and what becomes of those who come after it.</summary>
public sealed class RoundChoiceTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly DateTimeOffset Later = Start.AddMinutes(2);
    private static readonly string[] Fleet = [.. Enumerable.Range(0, 10).Select(i => $"d{i}")];

    [Fact]
    public void A_fraction_of_the_waiting_devices_is_drawn_anew_for_every_round()
    {
        var options = new RoundOptions { Count = 8, ExpectedDevices = 10, SampleFraction = 0.25 };
        var machine = new RoundMachine(options, new WeightedMean());
        var drawn = Enumerable.Range(1, options.Count).Select(round => PlayRound(machine, round, Fleet)).ToList();

        drawn.Should().OnlyContain(devices => devices.Count == 3, "a quarter of ten, rounded up");
        drawn.SelectMany(devices => devices).Distinct().Should().HaveCountGreaterThan(6);
        drawn.Distinct(EqualityComparer<IReadOnlyList<string>>.Create((x, y) => x!.SequenceEqual(y!), _ => 0)).Should().HaveCountGreaterThan(4);
    }

    [Fact]
    public void The_order_in_which_devices_come_does_not_change_who_is_drawn()
    {
        var options = new RoundOptions { Count = 2, ExpectedDevices = 10, SampleFraction = 0.3 };

        PlayRound(new RoundMachine(options, new WeightedMean()), 1, Fleet).Should().Equal(PlayRound(new RoundMachine(options, new WeightedMean()), 1, [.. Fleet.Reverse()]));
    }

    [Fact]
    public void A_sample_is_never_smaller_than_a_quorum()
    {
        var machine = new RoundMachine(new RoundOptions { MinimumDevices = 4, ExpectedDevices = 10, SampleFraction = 0.1 }, new WeightedMean());

        PlayRound(machine, 1, Fleet).Should().HaveCount(4);
    }

    [Fact]
    public void A_round_closes_as_soon_as_its_updates_suffice()
    {
        var machine = Open(new RoundOptions { Count = 2, MinimumDevices = 1, ExpectedDevices = 3, SufficientUpdates = 2 }, "a", "b", "c");
        machine.Update(Sent.Update("a", value: 1), Start);
        machine.RoundsDone.Should().Be(0);

        machine.Update(Sent.Update("b", value: 3), Start);

        machine.RoundsDone.Should().Be(1);
        Sent.Floats(machine.Shared).Should().Equal(2, 3, -2);
        machine.Update(Sent.Update("c"), Start).Code.Should().Be(RefusalCode.RoundClosed);
    }

    [Fact]
    public void Fewer_than_a_quorum_cannot_suffice() =>
        FluentActions.Invoking(() => new RoundMachine(new RoundOptions { MinimumDevices = 3, SufficientUpdates = 2, SampleFraction = 0 }, new WeightedMean()))
            .Should().Throw<ArgumentException>().WithMessage("*SampleFraction is 0*SufficientUpdates is 2, but MinimumDevices is 3*");

    [Fact]
    public void A_late_update_that_is_carried_counts_in_the_next_round_once()
    {
        var machine = SecondRound(LateUpdates.Carry);
        var late = Sent.Update("c", round: 1, value: 5);

        machine.Update(late, Later).Accepted.Should().BeTrue();
        machine.Update(late, Later).Accepted.Should().BeTrue("a repeat is told what the first was told");
        machine.TakeEvents().OfType<UpdateAccepted>().Should().ContainSingle().Which.Round.Should().Be(2);
        machine.Update(late with { Attempt = 2 }, Later).Code.Should().Be(RefusalCode.RoundClosed, "its device is in the round by now");
        machine.Update(Sent.Update("a", round: 2, value: 1), Later);
        machine.Update(Sent.Update("b", round: 2, value: 3), Later);

        machine.RoundsDone.Should().Be(2);
        Sent.Floats(machine.Shared).Should().Equal(3, 4, -3);
        machine.Update(late, Later).Accepted.Should().BeTrue("its receipt is known for one round more");
    }

    [Fact]
    public void A_late_update_is_discarded_unless_the_run_says_otherwise()
    {
        SecondRound(LateUpdates.Discard).Update(Sent.Update("c", round: 1), Later).Code.Should().Be(RefusalCode.RoundClosed);
    }

    [Fact]
    public void What_is_no_update_of_the_round_before_is_not_carried()
    {
        var machine = SecondRound(LateUpdates.Carry);

        machine.Update(Sent.Update("x", round: 1), Later).Code.Should().Be(RefusalCode.RoundClosed, "it was not in that round");
        machine.Update(Sent.Update("a", round: 1, attempt: 2), Later).Code.Should().Be(RefusalCode.RoundClosed, "it counted there");
        machine.Update(Sent.Update("c", round: 1, value: float.NaN), Later).Code.Should().Be(RefusalCode.NotFinite);
        machine.Update(Sent.Update("c", round: 1, value: 5), Later).Accepted.Should().BeTrue("a refusal is not the end");
    }

    [Fact]
    public void A_strategy_whose_updates_only_fit_their_own_round_refuses_to_carry() =>
        FluentActions.Invoking(() => new RoundMachine(new RoundOptions { LateUpdates = LateUpdates.Carry }, new FsLoraStrategy()))
            .Should().Throw<ArgumentException>().WithMessage("FsLora cannot combine updates of two rounds*Discard*WeightedMean*");

    /// <summary>Round 1 had a, b and c and closed without c; round 2 has a and b.</summary>
    private static RoundMachine SecondRound(LateUpdates late)
    {
        var machine = Open(new RoundOptions { Count = 3, MinimumDevices = 2, ExpectedDevices = 3, Deadline = TimeSpan.FromMinutes(1), LateUpdates = late }, "a", "b", "c");
        machine.Update(Sent.Update("a"), Start);
        machine.Update(Sent.Update("b"), Start);
        machine.Tick(Start.AddMinutes(1));
        machine.CheckIn(Sent.CheckIn("a"), Start.AddMinutes(1));
        machine.CheckIn(Sent.CheckIn("b"), Start.AddMinutes(1));
        machine.Tick(Later);
        machine.TakeEvents()[^1].Should().BeOfType<RoundOpened>().Which.Devices.Should().Equal("a", "b");
        return machine;
    }

    private static RoundMachine Open(RoundOptions options, params string[] devices)
    {
        var machine = new RoundMachine(options, new WeightedMean());
        devices.ToList().ForEach(device => machine.CheckIn(Sent.CheckIn(device), Start));
        return machine;
    }

    /// <summary>All come; those that are drawn send.</summary>
    private static IReadOnlyList<string> PlayRound(RoundMachine machine, int round, IReadOnlyList<string> fleet)
    {
        fleet.ToList().ForEach(device => machine.CheckIn(Sent.CheckIn(device), Start));
        var drawn = machine.TakeEvents().OfType<RoundOpened>().Single().Devices;
        drawn.ToList().ForEach(device => machine.Update(Sent.Update(device, round), Start).Accepted.Should().BeTrue());
        return drawn;
    }
}
