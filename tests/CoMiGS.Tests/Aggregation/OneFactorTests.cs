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

        var mean = MeanOfB(devices, whole);

        devices[0].Effect(With(common, mean)).Zip(MeanOfProducts(devices, whole)).Should().AllSatisfy(pair => pair.First.Should().BeApproximately(pair.Second, 1e-5));
    }

    [Fact]
    public void Where_A_is_not_common_it_does_not()
    {
        KitDevice[] devices = [new("a", 3, 2.5), new("b", 3, 2.5)];
        var whole = devices.Select((device, i) => device.Random(i).Tensors).ToList();

        var mean = MeanOfB(devices, whole);

        devices[0].Effect(With(whole[0], mean)).Zip(MeanOfProducts(devices, whole)).Should().Contain(pair => Math.Abs(pair.First - pair.Second) > 0.1, "which is why it freezes A");
    }

    private static IEnumerable<double> MeanOfProducts(KitDevice[] devices, IReadOnlyList<TensorSet> whole)
    {
        var all = (double)devices.Sum(device => device.Share.Samples);
        return devices.Zip(whole, (device, tensors) => device.Effect(tensors).Select(value => value * device.Share.Samples / all)).Aggregate((x, y) => x.Zip(y, (a, b) => a + b));
    }

    /// <summary>What FFA-LoRA makes of the devices' B.</summary>
    private static TensorSet MeanOfB(KitDevice[] devices, IReadOnlyList<TensorSet> whole)
    {
        KitDevice[] sharing = [.. devices.Select(device => new KitDevice(device.Share.Device, 3, 2.5, LoraFactor.B, device.Share.Samples))];
        var round = new FfaLora().Begin(new RunMoment(1, 5, 42, sharing[0].Share, TensorSet.Empty));
        foreach (var (device, tensors) in sharing.Zip(whole))
        {
            round.Add(device.Share, device.Update(new TensorSet(device.Share.Tensors.Select(spec => tensors[spec.Name]))));
        }

        return round.Complete();
    }

    /// <summary>A of the one and B of the other.</summary>
    private static TensorSet With(TensorSet a, TensorSet b) => new(a.Select(tensor => tensor.Spec.Name.EndsWith('A') ? tensor : b[tensor.Spec.Name]));
}
