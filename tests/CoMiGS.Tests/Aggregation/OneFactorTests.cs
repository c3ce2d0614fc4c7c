using CoMiGS.Aggregation;
using CoMiGS.Aggregation.OneFactor;
using CoMiGS.Aggregation.TestKit;
using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Aggregation;

/// <summary>Strategies that share one factor, against what they are for.</summary>
public sealed class OneFactorTests
{
    [Fact]
    public void With_a_common_A_the_mean_of_B_does_to_the_model_what_the_mean_of_all_products_does()
    {
        KitDevice[] devices = [new("a", 3, 2.5, samples: 1), new("b", 3, 2.5, samples: 3), new("c", 3, 2.5, samples: 6)];
        var common = devices[0].Random(9).Tensors;
        var whole = devices.Select((device, i) => With(common, device.Random(i).Tensors)).ToList();

        var mean = Combined(new FfaLora(), devices, LoraFactor.B, whole);

        var wanted = devices.Zip(whole).Select(pair => pair.First.Effect(pair.Second).Select(value => value * pair.First.Share.Samples / 10)).Aggregate((x, y) => x.Zip(y, (a, b) => a + b));
        devices[0].Effect(With(common, mean)).Zip(wanted).Should().AllSatisfy(pair => pair.First.Should().BeApproximately(pair.Second, 1e-5));
    }

    [Fact]
    public void Where_A_is_not_common_it_does_not()
    {
        KitDevice[] devices = [new("a", 3, 2.5), new("b", 3, 2.5)];
        var whole = devices.Select((device, i) => device.Random(i).Tensors).ToList();

        var mean = Combined(new FfaLora(), devices, LoraFactor.B, whole);

        var wanted = devices.Zip(whole).Select(pair => pair.First.Effect(pair.Second).Select(value => value / 2)).Aggregate((x, y) => x.Zip(y, (a, b) => a + b));
        devices[0].Effect(With(whole[0], mean)).Zip(wanted).Should().Contain(pair => Math.Abs(pair.First - pair.Second) > 0.1, "which is why it freezes A");
    }

    private static TensorSet Combined(IAggregationStrategy strategy, KitDevice[] devices, LoraFactor factor, IReadOnlyList<TensorSet> whole)
    {
        KitDevice[] sharing = [.. devices.Select(device => new KitDevice(device.Share.Device, 3, 2.5, factor, device.Share.Samples))];
        var round = strategy.Begin(new RunMoment(1, 5, 42, sharing[0].Share, TensorSet.Empty));
        foreach (var (device, tensors) in sharing.Zip(whole))
        {
            round.Add(device.Share, device.Update(new TensorSet(device.Share.Tensors.Select(spec => tensors[spec.Name]))));
        }

        return round.Complete();
    }

    /// <summary>A of the one and B of the other.</summary>
    private static TensorSet With(TensorSet a, TensorSet b) => new(a.Select(tensor => tensor.Spec.Name.EndsWith('A') ? tensor : b[tensor.Spec.Name]));
}
