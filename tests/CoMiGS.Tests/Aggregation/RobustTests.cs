using CoMiGS.Aggregation;
using CoMiGS.Aggregation.Robust;
using CoMiGS.Federation;
using CoMiGS.Transport;
using static CoMiGS.Tests.Aggregation.Updates;

namespace CoMiGS.Tests.Aggregation;

/// <summary>Seven devices, of which two lie in several ways; the honest ones are near (1, -2, 3).</summary>
public sealed class RobustTests
{
    private const double Bound = 0.3; // how far honest devices are from the truth, and a little more
    private static readonly float[] Truth = [1, -2, 3];
    private static readonly ExpertUpdate[] Honest = [.. Enumerable.Range(0, 5).Select(i => From($"h{i}", [.. Truth.Select((x, j) => x + (0.1f * MathF.Sin((3 * i) + j)))]))];

    public static TheoryData<string> Robust() => new("CoordinateMedian", "TrimmedMean", "Krum", "MultiKrum");

    [Theory]
    [MemberData(nameof(Robust))]
    public void Two_liars_of_seven_do_not_move_it_far_but_the_plain_mean(string name)
    {
        foreach (var (attack, values) in Attacks())
        {
            ExpertUpdate[] all = [.. Honest, From("l0", values), From("l1", values)];

            Distance(Combine(Strategy(name), all)).Should().BeLessThan(Bound, attack);
            Distance(Combine(new UniformMean(), all)).Should().BeGreaterThan(Bound, attack);
        }
    }

    [Fact]
    public void A_clipped_mean_moves_by_the_liars_share_of_the_largest_length_at_most()
    {
        var start = new TensorSet([NamedTensor.FromFloats("t0", [3], Truth)]);
        foreach (var (attack, values) in Attacks())
        {
            ExpertUpdate[] all = [.. Honest, From("l0", values), From("l1", values)];
            var round = new NormClipping(0.5).Begin(Moment(all[0]) with { Shared = start });
            all.ToList().ForEach(update => round.Add(Share(update), update));

            Distance(round.Complete()).Should().BeLessThan((2 * 0.5 / 7) + 0.2, attack);
        }
    }

    [Fact]
    public void A_short_update_is_not_clipped()
    {
        var start = new TensorSet([NamedTensor.FromFloats("t0", [3], Truth)]);
        var round = new NormClipping(0.5).Begin(Moment(Honest[0]) with { Shared = start });
        round.Add(Share(Honest[0]), Honest[0]);

        Floats(round.Complete()).Should().Equal(Floats(Honest[0].Tensors));
    }

    [Fact]
    public void Numbers_that_are_none_do_not_get_past_the_gate_and_the_round_goes_on()
    {
        var machine = new RoundMachine(new RoundOptions { Count = 1, MinimumDevices = 5, ExpectedDevices = 6 }, new Krum(1));
        var liar = From("l0", [float.NaN, 0, 0]);
        foreach (var update in Honest.Append(liar))
        {
            machine.CheckIn(new CheckIn("run", update.Device, "base", update.Tensors.Specs, update.Samples, ProtocolVersion.Current), DateTimeOffset.UnixEpoch);
        }

        machine.Update(liar, DateTimeOffset.UnixEpoch).Code.Should().Be(RefusalCode.NotFinite);
        Honest.ToList().ForEach(update => machine.Update(update, DateTimeOffset.UnixEpoch).Accepted.Should().BeTrue());

        machine.IsFinished.Should().BeTrue();
        Distance(machine.Shared).Should().BeLessThan(Bound);
    }

    [Fact]
    public void The_median_of_an_even_number_is_between_the_two_in_the_middle() =>
        Floats(Combine(new CoordinateMedian(), [From("a", [1]), From("b", [10]), From("c", [2]), From("d", [4])])).Should().Equal(3);

    [Fact]
    public void The_trimmed_mean_leaves_out_the_ends_of_every_number() =>
        Floats(Combine(new TrimmedMean(1), [From("a", [0, 9]), From("b", [2, 1]), From("c", [100, 5]), From("d", [4, 3])])).Should().Equal(3, 4);

    [Fact]
    public void Krum_takes_one_update_as_it_is() =>
        Honest.Select(update => Floats(update.Tensors)).Should().ContainEquivalentOf(Floats(Combine(new Krum(1), Honest)));

    [Fact]
    public void Too_few_devices_for_the_liars_are_an_error_at_start_up_that_lists_what_fits() =>
        FluentActions.Invoking(() => new RoundMachine(new RoundOptions { MinimumDevices = 4 }, new Krum(1)))
            .Should().Throw<ArgumentException>().WithMessage("*Krum cannot combine fewer than 5 updates, but MinimumDevices is 4*CoordinateMedian*");

    private static IEnumerable<(string Attack, float[] Values)> Attacks() =>
    [
        ("sign flip, times ten", [.. Truth.Select(x => -10 * x)]),
        ("scaling", [.. Truth.Select(x => 1000 * x)]),
        ("collusion far away", [50, 50, 50]),
        ("the largest numbers", [AggregationLimits.MaximumMagnitude, -AggregationLimits.MaximumMagnitude, AggregationLimits.MaximumMagnitude]),
    ];

    private static IAggregationStrategy Strategy(string name) => name switch
    {
        "CoordinateMedian" => new CoordinateMedian(),
        "TrimmedMean" => new TrimmedMean(2),
        "Krum" => new Krum(2),
        _ => new Krum(2, 3),
    };

    private static double Distance(TensorSet tensors) => Floats(tensors).Zip(Truth, (x, y) => Math.Abs((double)x - y)).Max();

    private static ExpertUpdate From(string device, float[] values) => Of(10, values) with { Device = device };
}
