using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Tests.Federation;

/// <summary>How far an update may go. The lengths are those of (3, 0, 4), which is 5, and of twice that.</summary>
public sealed class UpdateNormTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly TensorSet Near = Sent.Tensors(1 + 3, 2 + 0, -1 + 4);
    private static readonly TensorSet Far = Sent.Tensors(1 + 6, 2 + 0, -1 + 8);

    [Fact]
    public void An_update_that_goes_no_further_than_the_bound_counts_however_large_its_numbers_are()
    {
        var machine = SecondRound();

        Send(machine, "a", Near).Accepted.Should().BeTrue("its own norm is beyond 5, but what it changes has 5");
        Send(machine, "b", Near).Accepted.Should().BeTrue();

        Sent.Floats(machine.Shared).Should().Equal(4, 2, 3);
    }

    [Fact]
    public void An_update_that_goes_too_far_is_refused_with_both_figures_and_the_round_goes_on()
    {
        var machine = SecondRound();
        Send(machine, "a", Near);
        machine.TakeEvents();

        var receipt = Send(machine, "b", Far);

        receipt.Accepted.Should().BeFalse();
        receipt.Code.Should().Be(RefusalCode.Norm);
        receipt.Reason.Should().Match("*what the update changes is 10, beyond 5*learning rate*MaximumNorm*");
        machine.TakeEvents().Should().ContainSingle().Which.Should().BeOfType<UpdateRefused>().Which.Receipt.Should().Be(receipt);
        Send(machine, "b", Near).Accepted.Should().BeTrue();
        Sent.Floats(machine.Shared).Should().Equal([4, 2, 3], "only the good updates count");
    }

    [Fact]
    public void While_devices_draw_what_they_begin_with_the_numbers_themselves_are_bounded()
    {
        var machine = Open(Options(5));

        Send(machine, "a", Sent.Tensors(6, 0, 8), round: 1).Reason.Should().Match("*the update's numbers is 10, beyond 5*");
        Send(machine, "a", Sent.Tensors(3, 0, 4), round: 1).Accepted.Should().BeTrue();
    }

    [Fact]
    public void Where_every_device_has_a_view_of_its_own_the_numbers_themselves_are_bounded()
    {
        var machine = SecondRound(new Views());

        Send(machine, "a", Near).Reason.Should().Match("*the update's numbers is 5.38516, beyond 5*");
        Send(machine, "a", Sent.Tensors(3, 0, 4)).Accepted.Should().BeTrue();
    }

    [Fact]
    public void Differences_are_bounded_as_what_the_update_changes()
    {
        var machine = SecondRound(sendAs: TensorType.BFloat16);

        Send(machine, "a", Sent.Tensors(6, 0, 8).As(TensorType.BFloat16), content: UpdateContent.Differences).Reason.Should().Match("*what the update changes is 10, beyond 5*");
        Send(machine, "a", Sent.Tensors(3, 0, 4).As(TensorType.BFloat16), content: UpdateContent.Differences).Accepted.Should().BeTrue();
    }

    [Fact]
    public void A_late_update_that_is_carried_is_held_against_what_the_open_round_began_with()
    {
        var machine = new RoundMachine(
            new RoundOptions { Count = 3, MinimumDevices = 2, ExpectedDevices = 3, Deadline = TimeSpan.FromMinutes(1), LateUpdates = LateUpdates.Carry, MaximumNorm = 5 }, new WeightedMean());
        CheckIn(machine, Start, "a", "b", "c");
        machine.Update(Sent.Update("a"), Start);
        machine.Update(Sent.Update("b"), Start);
        machine.Tick(Start.AddMinutes(1));
        CheckIn(machine, Start.AddMinutes(1), "a", "b");
        machine.Tick(Start.AddMinutes(2));

        machine.Update(Sent.Update("c") with { Tensors = Far }, Start.AddMinutes(2)).Code.Should().Be(RefusalCode.Norm);
        machine.Update(Sent.Update("c") with { Tensors = Near }, Start.AddMinutes(2)).Accepted.Should().BeTrue();
    }

    [Theory]
    [InlineData(float.NaN, RefusalCode.NotFinite)]
    [InlineData(float.PositiveInfinity, RefusalCode.NotFinite)]
    [InlineData(2e6f, RefusalCode.Magnitude)]
    public void What_no_bound_is_needed_to_refuse_is_refused_for_what_it_is(float value, RefusalCode code) =>
        Send(SecondRound(), "a", Sent.Tensors(value, 2, -1)).Code.Should().Be(code);

    [Fact]
    public void Without_a_bound_an_update_may_go_as_far_as_its_numbers_may()
    {
        var machine = Open(Options(null));

        Send(machine, "a", Sent.Tensors(1e6f, -1e6f, 1e6f), round: 1).Accepted.Should().BeTrue();
    }

    [Fact]
    public void What_counts_goes_on_counting_when_the_run_is_led_on_with_a_bound()
    {
        var store = new InMemoryRoundStore();
        using (var log = store.Open("run"))
        {
            Send(Open(Options(null), log), "a", Sent.Tensors(6, 0, 8), round: 1).Accepted.Should().BeTrue();
        }

        using var same = store.Open("run");
        var machine = new RoundMachine(Options(5), new UniformMean(), log: same);

        Send(machine, "b", Sent.Tensors(6, 0, 8), round: 1).Code.Should().Be(RefusalCode.Norm);
        Send(machine, "b", Sent.Tensors(3, 0, 4), round: 1).Accepted.Should().BeTrue();
        Sent.Floats(machine.Shared).Should().Equal(4.5f, 0, 6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_bound_is_a_finite_number_above_zero(double norm) =>
        FluentActions.Invoking(() => new RoundMachine(Options(norm), new UniformMean()))
            .Should().Throw<ArgumentException>().WithMessage($"*MaximumNorm is {norm}. Use a number above 0. It is finite*");

    private static RoundOptions Options(double? norm) => new() { Count = 2, MinimumDevices = 2, MaximumNorm = norm };

    private static RoundMachine Open(RoundOptions options, IRunLog? log = null)
    {
        var machine = new RoundMachine(options, new UniformMean(), log: log);
        CheckIn(machine, Start, "a", "b");
        return machine;
    }

    /// <summary>Round 2 of devices a and b, which begins with 1, 2 and -1.</summary>
    private static RoundMachine SecondRound(IAggregationStrategy? strategy = null, TensorType sendAs = TensorType.Float32)
    {
        var options = Options(5);
        options.SendAs = sendAs;
        var machine = new RoundMachine(options, strategy ?? new UniformMean());
        CheckIn(machine, Start, "a", "b");
        machine.Update(Sent.Update("a"), Start);
        machine.Update(Sent.Update("b"), Start);
        Sent.Floats(machine.Shared).Should().Equal(1, 2, -1);
        CheckIn(machine, Start, "a", "b");
        return machine;
    }

    private static void CheckIn(RoundMachine machine, DateTimeOffset now, params string[] devices) => devices.ToList().ForEach(device => machine.CheckIn(Sent.CheckIn(device), now));

    private static UpdateReceipt Send(RoundMachine machine, string device, TensorSet tensors, int round = 2, UpdateContent content = UpdateContent.Values) =>
        machine.Update(Sent.Update(device, round) with { Tensors = tensors, Content = content }, Start);

    /// <summary>A mean that may be seen in a way of its own by every device.</summary>
    private sealed class Views : IAggregationStrategy
    {
        private readonly UniformMean _mean = new();

        public string Name => "Views";

        public AggregationNeeds Needs { get; } = new() { DeviceViews = true };

        public string? Objection(DeviceShare device, DeviceShare? first) => null;

        public IAggregation Begin(RunMoment moment) => _mean.Begin(moment);
    }
}
