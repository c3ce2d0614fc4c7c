using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Transport;
using static CoMiGS.Tests.Aggregation.FedAmole.AssignedDevice;

namespace CoMiGS.Tests.Aggregation.FedAmole;

/// <summary>FedAMoLE from its definition: an expert is the mean over the devices that hold it, all else the mean over all.</summary>
public sealed class FedAmoleStrategyTests
{
    private static readonly DeviceShare Anna = Share("anna", [0, 1], samples: 1), Ben = Share("ben", [1, 2], samples: 2), Cleo = Share("cleo", [0, 2], samples: 5);

    [Fact]
    public void One_device_gets_back_what_it_sent_to_the_bit()
    {
        var update = Update(Anna, name => name.Length / 7f);

        var next = Combine(new FedAmoleStrategy(), Empty, (Anna, update));

        foreach (var tensor in new FedAmoleStrategy().View(Empty with { Round = 2, Shared = next }, Anna))
        {
            tensor.AsFloats().ToArray().Should().Equal(update.Tensors[tensor.Spec.Name].AsFloats().ToArray(), tensor.Spec.Name);
        }
    }

    [Fact]
    public void Equal_devices_are_one_device_to_the_bit()
    {
        var dora = Anna with { Device = "dora" };

        var both = Combine(new FedAmoleStrategy(), Empty, (Anna, Update(Anna, name => name.Length / 7f)), (dora, Update(dora, name => name.Length / 7f)));
        var one = Combine(new FedAmoleStrategy(), Empty, (Anna, Update(Anna, name => name.Length / 7f)));

        foreach (var tensor in new FedAmoleStrategy().View(Empty with { Shared = one }, Anna))
        {
            both[tensor.Spec.Name].AsFloats().ToArray().Should().Equal(tensor.AsFloats().ToArray(), tensor.Spec.Name);
        }
    }

    [Theory]
    [InlineData(UpdateWeights.Uniform, 3, 1.5, 3.5, 8 / 3.0)] // (1+5)/2, (1+2)/2, (2+5)/2, (1+2+5)/3
    [InlineData(UpdateWeights.Samples, 26 / 6.0, 5 / 3.0, 29 / 7.0, 30 / 8.0)] // (1*1+5*5)/6, (1*1+2*2)/3, (2*2+5*5)/7, (1+4+25)/8
    public void An_expert_is_the_mean_over_the_devices_that_hold_it_and_all_else_over_all(UpdateWeights weights, double first, double second, double third, double all)
    {
        var next = Three(new FedAmoleStrategy(new() { Weights = weights }));

        foreach (var part in new[] { "c.lora_A", "c.lora_B", "embedding" })
        {
            Number(next, $"layer.experts.0.{part}").Should().Be((float)first);
            Number(next, $"layer.experts.1.{part}").Should().Be((float)second);
            Number(next, $"layer.experts.2.{part}").Should().Be((float)third);
        }

        new[] { "layer.shared.c.lora_A", "layer.shared.c.lora_B", "layer.router.projection" }.Should().AllSatisfy(name => Number(next, name).Should().Be((float)all));
    }

    [Fact]
    public void An_expert_that_nobody_brings_back_stays_as_it_was()
    {
        var strategy = new FedAmoleStrategy();
        var before = Three(strategy);

        var after = Combine(strategy, Empty with { Round = 2, Shared = before }, (Anna, Update(Anna, _ => 9)));

        Number(after, "layer.experts.2.c.lora_B").Should().Be(3.5f);
        Number(after, "layer.experts.0.c.lora_B").Should().Be(9);
    }

    [Fact]
    public void The_order_of_updates_changes_no_bit()
    {
        var forwards = Three(new FedAmoleStrategy());
        var backwards = Combine(new FedAmoleStrategy(), Empty, (Cleo, Update(Cleo, _ => 5)), (Anna, Update(Anna, _ => 1)), (Ben, Update(Ben, _ => 2)));

        backwards.Specs.Should().Equal(forwards.Specs);
        backwards.Zip(forwards).Should().AllSatisfy(pair => pair.First.AsFloats().ToArray().Should().Equal(pair.Second.AsFloats().ToArray()));
    }

    [Fact]
    public void No_device_downloads_what_another_measured_on_its_text()
    {
        var strategy = new FedAmoleStrategy();
        var moment = Empty with { Round = 2, Shared = Three(strategy) };

        moment.Shared.Specs.Should().Contain(spec => spec.Name == "cleo/layer.router.embedding");
        strategy.View(moment, Anna).Specs.Should().NotBeEmpty().And.NotContain(spec => spec.Name.Contains("embedding", StringComparison.Ordinal) || spec.Name.Contains('/', StringComparison.Ordinal));
    }

    [Fact]
    public void A_single_device_gets_the_experts_that_suit_it_best()
    {
        // e_j . t is 1, 4, 2, 5, 3 for j = 0..4, and there are too few places for all five.
        float[] suits = [1, 4, 2, 5, 3];
        var experts = suits.Select((value, id) => Filled(new TensorSpec($"layer.experts.{id}.embedding", TensorType.Float32, [2]), value));
        var moment = Empty with { Shared = new TensorSet([.. experts, Filled(new TensorSpec("anna/layer.router.embedding", TensorType.Float32, [2]), 1)]) };

        var assigned = new FedAmoleStrategy(new() { Experts = 5, MostPerDevice = 4 }).Assign(moment, [Anna]);

        assigned[0].Tensors.Where(spec => spec.Name.EndsWith("lora_A", StringComparison.Ordinal)).Select(spec => spec.Name)
            .Should().Equal("layer.shared.c.lora_A", "layer.experts.1.c.lora_A", "layer.experts.3.c.lora_A");
    }

    private static RunMoment Empty => new(1, 5, 42, Anna, TensorSet.Empty);

    private static TensorSet Three(FedAmoleStrategy strategy) => Combine(strategy, Empty, (Anna, Update(Anna, _ => 1)), (Ben, Update(Ben, _ => 2)), (Cleo, Update(Cleo, _ => 5)));

    private static TensorSet Combine(FedAmoleStrategy strategy, RunMoment moment, params (DeviceShare Device, ExpertUpdate Update)[] updates)
    {
        var round = strategy.Begin(moment);
        foreach (var (device, update) in updates)
        {
            round.Add(device, update);
        }

        return round.Complete();
    }

    private static float Number(TensorSet tensors, string name) => tensors[name].AsFloats().ToArray().Distinct().Should().ContainSingle().Subject;

    [Fact]
    public void Experts_choose_by_the_softmax_over_devices_of_e_dot_t_by_the_root_of_r()
    {
        // Raw products and a softmax over experts would both assign otherwise.
        float[][] experts = [[-3, 3, 2, 0], [-1, -4, -4, -3], [-1, 0, 0, -4]], tokens = [[4, 0, 1, 2], [4, 0, -3, -4], [0, 1, 4, -3]];
        string[] devices = ["a", "b", "c"];
        double[][] products = [.. experts.Select(e => tokens.Select(t => e.Zip(t, (x, y) => (double)x * y).Sum() / 2).ToArray())]; // sqrt(4)
        var overDevices = products.Select(Softmax).ToArray();
        var overExperts = Turned([.. Turned(products).Select(Softmax)]);
        var expected = Best(overDevices);
        expected.Should().NotEqual(Best(products)).And.NotEqual(Best(overExperts));
        var moment = Empty with
        {
            Round = 2,
            Shared = new TensorSet(
            [
                .. experts.Select((e, id) => NamedTensor.FromFloats($"layer.experts.{id}.embedding", [4], e)),
                .. tokens.Select((t, i) => NamedTensor.FromFloats($"{devices[i]}/layer.router.embedding", [4], t)),
            ]),
        };

        var assigned = new FedAmoleStrategy(new() { Experts = 3, DevicesPerExpert = 1, FewestPerDevice = 1, MostPerDevice = 1 })
            .Assign(moment, [.. devices.Select(name => Share(name, [0], rank: 4))]);

        for (var i = 0; i < 3; i++)
        {
            assigned[i].Tensors.Where(spec => spec.Name.StartsWith("layer.experts.", StringComparison.Ordinal) && spec.Name.EndsWith("lora_A", StringComparison.Ordinal))
                .Select(spec => spec.Name).Should().Equal($"layer.experts.{Array.IndexOf(expected, i)}.c.lora_A");
        }

        static double[] Softmax(double[] z) => [.. z.Select(x => Math.Exp(x) / z.Sum(Math.Exp))];

        static double[][] Turned(double[][] m) => [.. Enumerable.Range(0, 3).Select(i => m.Select(row => row[i]).ToArray())];

        static int[] Best(double[][] scores) =>
            new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] }.MaxBy(order => order.Select((device, j) => scores[j][device]).Sum())!;
    }
}
