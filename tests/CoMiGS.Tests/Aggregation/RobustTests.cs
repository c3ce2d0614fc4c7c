using CoMiGS.Aggregation;
using CoMiGS.Aggregation.Robust;
using CoMiGS.Federation;
using CoMiGS.Parameters;
using CoMiGS.Transport;
using FsCheck.Fluent;
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

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(2, 1, 7)]
    [InlineData(2, 3, 8)]
    [InlineData(1, 4, 6)]
    public void Krum_takes_those_whose_n_minus_f_minus_2_nearest_others_are_nearest_of_all(int liars, int chosen, int devices)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var all = Enumerable.Range(0, devices).Select(i => From($"d{i}", [.. Enumerable.Range(0, 3).Select(j => (float)new SeededRandom(new Seed(seed).For(i).For(j)).NextNormal())])).ToList();
            var points = all.Select(update => Floats(update.Tensors)).ToList();
            var scores = points.Select((point, i) => Subsets(devices, devices - liars - 2).Where(set => !set.Contains(i)).Min(set => set.Sum(j => Squared(point, points[j])))).ToList();
            var best = Enumerable.Range(0, devices).OrderBy(i => scores[i]).Take(chosen).ToList();
            var expected = Enumerable.Range(0, 3).Select(j => best.Average(i => (double)points[i][j]));

            Floats(Combine(new Krum(liars, chosen), all)).Zip(expected, (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(1e-6, "seed {0}", seed);
        }

        static double Squared(float[] one, float[] other) => one.Zip(other, (x, y) => ((double)x - y) * ((double)x - y)).Sum();

        static IEnumerable<List<int>> Subsets(int of, int size) =>
            Enumerable.Range(0, 1 << of).Where(mask => int.PopCount(mask) == size).Select(mask => Enumerable.Range(0, of).Where(i => ((mask >> i) & 1) == 1).ToList());
    }

    [Theory]
    [InlineData(UpdateWeights.Uniform, 2.5f, 3.5f, 3f)]
    [InlineData(UpdateWeights.Samples, 1.75f, 4.25f, 1f)]
    public void A_clipped_mean_shortens_all_tensors_of_an_update_together(UpdateWeights weights, float first, float second, float third)
    {
        // From (1, 2 | 3): one way is (3, 0 | 4), of length 5; the other (0, 6 | -8), of length 10, so it counts half.
        var start = Of(1, [1f, 2f], [3f]).Tensors;
        ExpertUpdate[] updates = [Of(1, [4f, 2f], [7f]) with { Device = "a" }, Of(3, [1f, 8f], [-5f]) with { Device = "b" }];
        var round = new NormClipping(5, weights).Begin(Moment(updates[0]) with { Shared = start });
        updates.ToList().ForEach(update => round.Add(Share(update), update));

        Floats(round.Complete()).Should().Equal(first, second, third);
    }

    [Fact]
    public void Whatever_liars_send_no_number_of_median_and_trimmed_mean_leaves_the_range_of_the_honest_ones() =>
        Holds(from honest in Number.ArrayOf(Size).ArrayOf(5) from lies in Number.ArrayOf(Size).ArrayOf(2) select (honest, lies), given =>
        {
            ExpertUpdate[] all = [.. given.honest.Select((values, i) => From($"h{i}", values)), .. given.lies.Select((values, i) => From($"l{i}", values))];
            return new[] { "CoordinateMedian", "TrimmedMean" }.All(name =>
                Floats(Combine(Strategy(name), all)).Select((x, j) => x >= given.honest.Min(values => values[j]) && x <= given.honest.Max(values => values[j])).All(inside => inside));
        });

    [Theory]
    [MemberData(nameof(Robust))]
    public void Who_sends_no_numbers_is_left_out_and_the_liars_beside_are_borne(string name)
    {
        var machine = new RoundMachine(new RoundOptions { Count = 1, MinimumDevices = 7, ExpectedDevices = 8 }, Strategy(name));
        var broken = From("n0", [float.NaN, 0, 0]);
        ExpertUpdate[] all = [.. Honest, From("l0", [50, 50, 50]), From("l1", [50, 50, 50])];
        foreach (var update in all.Append(broken))
        {
            machine.CheckIn(new CheckIn("run", update.Device, "base", update.Tensors.Specs, update.Samples, ProtocolVersion.Current), DateTimeOffset.UnixEpoch);
        }

        machine.Update(broken, DateTimeOffset.UnixEpoch).Code.Should().Be(RefusalCode.NotFinite);
        all.ToList().ForEach(update => machine.Update(update, DateTimeOffset.UnixEpoch).Accepted.Should().BeTrue());

        machine.IsFinished.Should().BeTrue();
        Distance(machine.Shared).Should().BeLessThan(Bound);
    }
}
