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

    /// <summary>Shared parameters that are the number of their row of A or column of B.</summary>
    private static RunMoment Marked(FsLoraStrategy strategy, KitDevice first) => new(1, 5, 42, first.Share, new TensorSet(strategy.Start(first.Share, 42).Select(tensor =>
    {
        var columns = (int)tensor.Spec.Shape[1];
        var isA = tensor.Spec.Name.EndsWith('A');
        return NamedTensor.FromFloats(tensor.Spec.Name, tensor.Spec.Shape.AsSpan(), [.. Enumerable.Range(0, (int)tensor.Spec.ElementCount).Select(i => (float)(isA ? i / columns : i % columns))]);
    })));
}
