using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Aggregation.Robust;
using CoMiGS.Aggregation.ServerOptimizer;
using CoMiGS.Aggregation.TestKit;
using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Aggregation;

/// <summary>Equal ranks and equal alpha, but alpha / r on one device and alpha / sqrt(r) on the other.</summary>
public sealed class ScaleTests
{
    private static readonly KitDevice Classic = new("a", 4, 16.0 / 4), Stabilized = new("b", 4, 16 / Math.Sqrt(4));

    private static readonly Dictionary<string, Func<IAggregationStrategy>> OneScale = new()
    {
        ["WeightedMean"] = () => new WeightedMean(),
        ["UniformMean"] = () => new UniformMean(),
        ["FedAvgM"] = () => new ServerOptimizerStrategy(ServerMethod.Momentum),
        ["FedAdam"] = () => new ServerOptimizerStrategy(ServerMethod.Adam),
        ["FedYogi"] = () => new ServerOptimizerStrategy(ServerMethod.Yogi),
        ["CoordinateMedian"] = () => new CoordinateMedian(),
        ["TrimmedMean"] = () => new TrimmedMean(1),
        ["Krum"] = () => new Krum(1),
        ["NormClipping"] = () => new NormClipping(1),
    };

    public static TheoryData<string> Names => [.. OneScale.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mean_of_factors_refuses_another_scale_and_says_what_fits(string name)
    {
        var strategy = OneScale[name]();
        var machine = new RoundMachine(new RoundOptions { MinimumDevices = Math.Max(2, strategy.Needs.MinimumUpdates) }, strategy);
        (machine.CheckIn(Classic.CheckIn(), DateTimeOffset.UnixEpoch) as Refused).Should().BeNull();

        machine.CheckIn(Stabilized.CheckIn(), DateTimeOffset.UnixEpoch).Should().BeOfType<Refused>().Which.Reason
            .Should().Contain("has scale 4 in the run and 8 on this device").And.EndWith("FlexLora, HetLora.");
    }

    [Theory]
    [InlineData("FlexLora")]
    [InlineData("HetLora")]
    public void Devices_that_agree_on_the_effect_at_two_scales_are_a_fixed_point(string name)
    {
        IAggregationStrategy strategy = name == "FlexLora" ? new FlexLoraStrategy() : new HetLoraStrategy();
        var sent = Classic.Random(3).Tensors;
        var same = new TensorSet(sent.Select(tensor => tensor.Spec.Name.EndsWith('A')
            ? tensor
            : NamedTensor.FromFloats(tensor.Spec.Name, tensor.Spec.Shape.AsSpan(), [.. tensor.ToFloats().Select(value => value / 2)])));
        var round = strategy.Begin(new RunMoment(1, 5, 42, Classic.Share, TensorSet.Empty));
        round.Add(Classic.Share, Classic.Update(sent));
        round.Add(Stabilized.Share, Stabilized.Update(same));
        var moment = new RunMoment(2, 5, 42, Classic.Share, round.Complete());

        foreach (var device in new[] { Classic, Stabilized })
        {
            device.Effect(strategy.View(moment, device.Share)).Zip(Classic.Effect(sent), (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(1e-4);
        }
    }
}
