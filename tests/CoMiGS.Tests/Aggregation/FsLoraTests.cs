using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FsLora;
using CoMiGS.Aggregation.TestKit;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Aggregation;

public sealed class FsLoraTests
{
    private const int Whole = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void The_mean_of_all_sketches_is_the_identity(int kept)
    {
        const int draws = 20_000;
        var sum = new double[Whole];
        for (var round = 0; round < draws; round++)
        {
            var positions = Sketch.Positions(42, round, "anna", "layer.lora_A", Whole, kept);
            positions.Should().OnlyHaveUniqueItems().And.HaveCount(kept);
            foreach (var position in positions)
            {
                sum[position] += (double)Whole / kept;
            }
        }

        var deviation = Math.Sqrt(((double)Whole / kept) - 1) / Math.Sqrt(draws); // of a mean of draws that are r/k with probability k/r
        sum.Should().AllSatisfy(entry => (entry / draws).Should().BeApproximately(1, 5 * deviation));
    }

    [Fact]
    public void Devices_adapters_and_rounds_have_sketches_of_their_own()
    {
        string Draw(int round, string device, string adapter) => string.Join(' ', Sketch.Positions(42, round, device, adapter, 64, 8));

        new[] { Draw(1, "anna", "a"), Draw(2, "anna", "a"), Draw(1, "ben", "a"), Draw(1, "anna", "b") }.Should().OnlyHaveUniqueItems();
        Draw(1, "anna", "a").Should().Be(Draw(1, "anna", "a"));
    }

    [Fact]
    public void A_device_gets_the_same_positions_of_both_factors()
    {
        var (strategy, device) = (Strategy(), Device("anna", 2));
        var moment = Marked(strategy, device);

        var view = strategy.View(moment, device.Share);

        var positions = Sketch.Positions(42, 1, "anna", "layer.one.lora_A", Whole, 2);
        view["layer.one.lora_A"].AsFloats().ToArray().Chunk(6).Select(row => (int)row[0]).Should().Equal(positions);
        view["layer.one.lora_B"].AsFloats().ToArray().Take(2).Select(value => (int)value).Should().Equal(positions);
    }

    [Fact]
    public void The_way_of_a_row_is_divided_by_all_devices_and_not_by_those_who_had_it()
    {
        var strategy = Strategy();
        KitDevice[] devices = [Device("anna", 2), Device("ben", 3)];
        var moment = Marked(strategy, devices[0]);
        var round = strategy.Begin(moment);
        foreach (var device in devices)
        {
            var moved = strategy.View(moment, device.Share).Select(tensor =>
                NamedTensor.FromFloats(tensor.Spec.Name, tensor.Spec.Shape.AsSpan(), [.. tensor.AsFloats().ToArray().Select(value => value + 1)]));
            round.Add(device.Share, device.Update(new TensorSet(moved)));
        }

        var next = round.Complete()["layer.one.lora_A"].AsFloats().ToArray().Chunk(6).Select(row => row[0]).ToArray();

        var (anna, ben) = (Sketch.Positions(42, 1, "anna", "layer.one.lora_A", Whole, 2), Sketch.Positions(42, 1, "ben", "layer.one.lora_A", Whole, 3));
        for (var row = 0; row < Whole; row++)
        {
            var owners = (anna.Contains(row) ? 1 : 0) + (ben.Contains(row) ? 1 : 0);
            next[row].Should().BeApproximately(row + (owners / 2f), 1e-6f);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Devices_of_the_whole_rank_that_send_the_same_get_it_back(int count)
    {
        var strategy = Strategy();
        List<KitDevice> devices = [.. Enumerable.Range(0, count).Select(i => Device($"device {i}", Whole))];
        var sent = devices[0].Random(7).Tensors;

        var next = After(strategy, Begun(strategy, devices[0]), [.. devices.Select(device => (device, device.Update(sent)))]);

        Near(next.Shared, sent);
        Near(strategy.View(next, devices[^1].Share), sent);
    }

    [Fact]
    public void Two_devices_of_the_whole_rank_get_the_plain_mean_in_every_round_whatever_their_samples()
    {
        var strategy = Strategy();
        var (anna, ben) = (new KitDevice("anna", Whole, 16.0 / Whole, samples: 1), new KitDevice("ben", Whole, 16.0 / Whole, samples: 9));
        var moment = Begun(strategy, anna);
        for (var round = 1; round <= 3; round++)
        {
            var (one, other) = (anna.Random(round), ben.Random(-round));

            moment = After(strategy, moment, [(anna, one), (ben, other)]);

            Near(moment.Shared, new TensorSet(one.Tensors.Zip(other.Tensors, (x, y) =>
                NamedTensor.FromFloats(x.Spec.Name, x.Spec.Shape.AsSpan(), [.. x.ToFloats().Zip(y.ToFloats(), (p, q) => (p + q) / 2)]))));
        }
    }

    [Theory]
    [InlineData(null, 0.001)]
    [InlineData(0.1, 0.1)]
    public void Adam_takes_the_mean_way_of_all_devices_for_its_gradient_and_corrects_its_moments(double? rate, double step)
    {
        var strategy = new FsLoraStrategy(new FsLoraOptions { Rank = Whole, Server = FsLoraServer.Adam, LearningRate = rate });
        KitDevice[] devices = [Device("anna", 2), Device("ben", 3), Device("cleo", 5)];
        var moment = Begun(strategy, devices[0]);
        var expected = moment.Shared.ToDictionary(
            tensor => tensor.Spec.Name,
            tensor => (Theta: tensor.ToFloats(), M: new double[tensor.Spec.ElementCount], V: new double[tensor.Spec.ElementCount]),
            StringComparer.Ordinal);

        foreach (var present in new[] { devices[..2], devices }) // not as many in each round, since a divisor that stays the same is nothing to Adam
        {
            List<(KitDevice Device, ExpertUpdate Update)> updates = [];
            foreach (var device in present)
            {
                updates.Add((device, device.Random(updates.Count + (10 * moment.Round))));
            }

            foreach (var tensor in moment.Shared)
            {
                AdamStep(expected[tensor.Spec.Name], MeanWay(tensor, moment.Round, updates), moment.Round, step);
            }

            moment = After(strategy, moment, updates);
            foreach (var tensor in moment.Shared)
            {
                tensor.ToFloats().Zip(expected[tensor.Spec.Name].Theta, (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(5e-7f, tensor.Spec.Name);
            }
        }
    }

    [Fact]
    public void At_the_end_a_device_gets_the_best_approximation_of_its_rank()
    {
        var (strategy, whole, small) = (Strategy(), Device("anna", Whole), Device("ben", 4)); // layer.two has at most rank 4
        var shared = whole.Random(5).Tensors;
        var over = new RunMoment(6, 5, 42, whole.Share, shared);

        var view = strategy.View(over, small.Share);

        small.Effect(view).Skip(30).Zip(whole.Effect(shared).Skip(30), (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(1e-4);
    }

    [Fact]
    public void Devices_whose_scale_is_not_alpha_by_rank_are_refused_with_what_to_do()
    {
        var strategy = Strategy();
        var (first, second) = (new KitDevice("a", 4, 16 / Math.Sqrt(4)), new KitDevice("b", 2, 16 / Math.Sqrt(2)));

        strategy.Objection(second.Share, first.Share).Should().Contain("alpha / r").And.Contain("Classic");
        strategy.Objection(Device("b", 2).Share, Device("a", 4).Share).Should().BeNull();
    }

    [Fact]
    public void A_device_of_a_higher_rank_than_the_coordinators_is_refused() =>
        Strategy().Objection(Device("a", 8).Share, null).Should().Contain("rank 8").And.Contain("1 to 6");

    private static FsLoraStrategy Strategy() => new(new FsLoraOptions { Rank = Whole });

    private static KitDevice Device(string name, int rank) => new(name, rank, 16.0 / rank);

    /// <summary>The first round, with the shared parameters that devices draw from the seed.</summary>
    private static RunMoment Begun(FsLoraStrategy strategy, KitDevice first) => new(1, 5, 42, first.Share, strategy.Start(first.Share, 42));

    private static RunMoment After(FsLoraStrategy strategy, RunMoment moment, IReadOnlyList<(KitDevice Device, ExpertUpdate Update)> updates)
    {
        var round = strategy.Begin(moment);
        foreach (var (device, update) in updates)
        {
            round.Add(device.Share, update);
        }

        return moment with { Round = moment.Round + 1, Shared = round.Complete() };
    }

    /// <summary>How far devices moved every number, over their number: a device that did not get a number did not move it.</summary>
    private static double[] MeanWay(NamedTensor current, int round, IReadOnlyList<(KitDevice Device, ExpertUpdate Update)> updates)
    {
        var (name, columns, from) = (current.Spec.Name, (int)current.Spec.Shape[1], current.ToFloats());
        var isA = name.EndsWith('A');
        var way = new double[from.Length];
        foreach (var (device, update) in updates)
        {
            var (trained, rows, width) = (update.Tensors[name].ToFloats(), (int)update.Tensors[name].Spec.Shape[0], (int)update.Tensors[name].Spec.Shape[1]);
            var kept = Sketch.Positions(42, round, device.Share.Device, name[..^1] + 'A', Whole, isA ? rows : width).ToList();
            for (var i = 0; i < way.Length; i++)
            {
                var (row, column) = (i / columns, i % columns);
                var at = kept.IndexOf(isA ? row : column);
                way[i] += at < 0 ? 0 : ((double)trained[isA ? (at * width) + column : (row * width) + at] - from[i]) / updates.Count;
            }
        }

        return way;
    }

    /// <summary>Adam as published (arXiv 1412.6980, algorithm 1), along the way.</summary>
    private static void AdamStep((float[] Theta, double[] M, double[] V) state, double[] way, int t, double rate)
    {
        const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
        for (var i = 0; i < way.Length; i++)
        {
            state.M[i] = (beta1 * state.M[i]) + ((1 - beta1) * way[i]);
            state.V[i] = (beta2 * state.V[i]) + ((1 - beta2) * way[i] * way[i]);
            var (m, v) = (state.M[i] / (1 - Math.Pow(beta1, t)), state.V[i] / (1 - Math.Pow(beta2, t)));
            state.Theta[i] = (float)(state.Theta[i] + (rate * m / (Math.Sqrt(v) + epsilon)));
        }
    }

    private static void Near(TensorSet actual, TensorSet expected)
    {
        actual.Count.Should().Be(expected.Count);
        foreach (var tensor in expected)
        {
            actual[tensor.Spec.Name].ToFloats().Zip(tensor.ToFloats(), (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(1e-6f, tensor.Spec.Name);
        }
    }

    /// <summary>Shared parameters that are the number of their row of A or column of B.</summary>
    private static RunMoment Marked(FsLoraStrategy strategy, KitDevice first) => new(1, 5, 42, first.Share, new TensorSet(strategy.Start(first.Share, 42).Select(tensor =>
    {
        var columns = (int)tensor.Spec.Shape[1];
        var isA = tensor.Spec.Name.EndsWith('A');
        return NamedTensor.FromFloats(tensor.Spec.Name, tensor.Spec.Shape.AsSpan(), [.. Enumerable.Range(0, (int)tensor.Spec.ElementCount).Select(i => (float)(isA ? i / columns : i % columns))]);
    })));

    [Theory]
    [InlineData(5)] // layer.two has rank 4 at most
    [InlineData(6)] // and layer.one 5
    public void At_the_end_a_device_of_a_rank_beyond_what_a_matrix_can_have_still_gets_its_own_shapes(int rank)
    {
        var (strategy, whole, device) = (Strategy(), Device("anna", Whole), Device("ben", rank));
        var shared = whole.Random(5).Tensors;

        var view = strategy.View(new RunMoment(6, 5, 42, whole.Share, shared), device.Share);

        view.Specs.Should().Equal(device.Share.Tensors);
        device.Effect(view).Zip(whole.Effect(shared), (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_mean_over_rounds_of_what_a_device_is_given_is_what_the_coordinator_has(int kept)
    {
        const int draws = 4000;
        var (strategy, whole, device) = (Strategy(), Device("whole", Whole), Device("anna", kept));
        var moment = Begun(strategy, whole) with { Rounds = draws, Shared = whole.Random(5).Tensors };
        var expected = whole.Effect(moment.Shared); // (alpha / r) B A
        var (sum, squares) = (new double[expected.Count], new double[expected.Count]);
        for (var round = 1; round <= draws; round++)
        {
            var effect = device.Effect(strategy.View(moment with { Round = round }, device.Share)); // (alpha / r) B S A, at the device's own scale
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += effect[i];
                squares[i] += effect[i] * effect[i];
            }
        }

        for (var i = 0; i < sum.Length; i++)
        {
            var mean = sum[i] / draws;
            var deviation = Math.Sqrt(Math.Max(0, (squares[i] / draws) - (mean * mean)) / draws);
            mean.Should().BeApproximately(expected[i], (6 * deviation) + 1e-5);
        }
    }

    [Fact]
    public void All_sets_of_positions_are_equally_likely()
    {
        const int draws = 15_000, sets = 15; // 2 of 6
        var counts = Enumerable.Range(1, draws).GroupBy(round => string.Join(' ', Sketch.Positions(42, round, "anna", "layer.lora_A", Whole, 2))).Select(set => set.Count()).ToList();

        counts.Should().HaveCount(sets);
        counts.Sum(count => Math.Pow(count - (draws / sets), 2) / (draws / sets)).Should().BeLessThan(50, "chi-square of 14 degrees is beyond that once in 100,000 times");
    }
}
