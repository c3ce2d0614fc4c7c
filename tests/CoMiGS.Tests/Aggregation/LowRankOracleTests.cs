using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Aggregation.TestKit;
using CoMiGS.Transport;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CoMiGS.Tests.Aggregation;

/// <summary>FlexLoRA and HetLoRA against their definitions, worked out on whole matrices.</summary>
public sealed class LowRankOracleTests
{
    private static readonly KitDevice[] Mixed = [new("a", 1, 16, samples: 3), new("b", 2, 8, samples: 5), new("c", 3, 16 / Math.Sqrt(3), samples: 2)];

    [Theory]
    [InlineData(2)] // together less than any side: the small core
    [InlineData(3)] // together more than both sides
    public void Flex_lora_gives_every_rank_the_best_approximation_of_the_weighted_sum(int devices)
    {
        var chosen = Mixed[..devices];
        var strategy = new FlexLoraStrategy();
        var (moment, updates) = Round(strategy, chosen);
        var total = (double)chosen.Sum(device => device.Share.Samples);

        for (var layer = 0; layer < 2; layer++)
        {
            var sum = updates.Select(update => Effect(update.Device, update.Update.Tensors, layer) * (update.Device.Share.Samples / total)).Aggregate((x, y) => x + y);
            var singular = sum.Svd().S; // Eckart-Young: what is left has the smaller singular values
            foreach (var device in chosen)
            {
                var rank = (int)device.Share.Tensors[0].Shape[0];
                var error = (sum - Effect(device, strategy.View(moment, device.Share), layer)).FrobeniusNorm();
                error.Should().BeApproximately(Math.Sqrt(singular.Skip(rank).Sum(s => s * s)), 1e-4 * singular[0], $"layer {layer}, rank {rank}");
            }
        }
    }

    [Fact]
    public void Flex_lora_respects_the_scale_of_every_device()
    {
        var (classic, stabilized) = (new KitDevice("a", 4, 16.0 / 4), new KitDevice("b", 4, 16 / Math.Sqrt(4)));
        var strategy = new FlexLoraStrategy();
        var update = classic.Random(1);
        var moment = Complete(strategy, [(classic, update)]);

        var view = strategy.View(moment, stabilized.Share);

        Close(stabilized.Effect(view), classic.Effect(update.Tensors));
        Close(view["layer.one.lora_B"].AsFloats().ToArray().Select(v => (double)v * 2), strategy.View(moment, classic.Share)["layer.one.lora_B"].AsFloats().ToArray().Select(v => (double)v));
    }

    [Fact]
    public void Untrained_adapters_stay_trainable()
    {
        var device = new KitDevice("a", 2, 8);
        var larger = new KitDevice("b", 3, 16.0 / 3);
        var strategy = new FlexLoraStrategy();
        var zero = new TensorSet(device.Random(1).Tensors.Select(t => t.Spec.Name.EndsWith('A') ? t : NamedTensor.FromFloats(t.Spec.Name, t.Spec.Shape.AsSpan(), new float[t.Spec.ElementCount])));

        var view = strategy.View(Complete(strategy, [(device, device.Update(zero))]), larger.Share);

        larger.Effect(view).Should().AllSatisfy(value => value.Should().Be(0));
        var a = view["layer.one.lora_A"].AsFloats().ToArray();
        Enumerable.Range(0, 3).Should().AllSatisfy(row => a.Skip(row * 6).Take(6).Sum(v => v * v).Should().BeGreaterThan(0.1f, "a row of zeros beside a column of zeros gets no gradient"));
    }

    [Fact]
    public void Het_lora_weighs_by_the_norm_of_the_product_and_divides_by_the_owners()
    {
        var strategy = new HetLoraStrategy();
        var (moment, updates) = Round(strategy, Mixed);
        var weights = updates.Select(update => Effect(update.Device, update.Update.Tensors, 0).FrobeniusNorm()).ToArray();
        var b = updates.Select(update => Matrix(update.Update.Tensors["layer.one.lora_B"]) * update.Device.Share.Adapters[0].Scale).ToArray();

        var all = Matrix(moment.Shared["layer.one.lora_B"]);

        Near(all.Column(0), ((b[0].Column(0) * weights[0]) + (b[1].Column(0) * weights[1]) + (b[2].Column(0) * weights[2])) / weights.Sum());
        Near(all.Column(1), ((b[1].Column(1) * weights[1]) + (b[2].Column(1) * weights[2])) / (weights[1] + weights[2]));
        Near(all.Column(2), b[2].Column(2));
    }

    [Fact]
    public void Het_lora_divided_by_all_devices_counts_missing_rows_as_zeros()
    {
        var strategy = new HetLoraStrategy(new HetLoraOptions { Divisor = HetLoraDivisor.AllDevices, Weights = HetLoraWeights.Uniform });
        var (moment, updates) = Round(strategy, Mixed);

        Near(Matrix(moment.Shared["layer.one.lora_A"]).Row(2), Matrix(updates[2].Update.Tensors["layer.one.lora_A"]).Row(2) / 3);
    }

    [Fact]
    public void Het_lora_truncates_at_the_scale_of_the_device()
    {
        var strategy = new HetLoraStrategy();
        var (moment, _) = Round(strategy, Mixed);

        var view = strategy.View(moment, Mixed[1].Share);

        Near(Matrix(view["layer.two.lora_A"]).Row(1), Matrix(moment.Shared["layer.two.lora_A"]).Row(1));
        Near(Matrix(view["layer.two.lora_B"]).Column(1) * 8, Matrix(moment.Shared["layer.two.lora_B"]).Column(1));
    }

    [Fact]
    public void Ranks_that_no_device_has_any_more_stay_as_they_were()
    {
        var strategy = new HetLoraStrategy();
        var (before, _) = Round(strategy, Mixed);

        var after = Complete(strategy, [(Mixed[0], Mixed[0].Random(9))], before);

        Near(Matrix(after.Shared["layer.one.lora_A"]).Row(2), Matrix(before.Shared["layer.one.lora_A"]).Row(2));
        Near(Matrix(after.Shared["layer.one.lora_A"]).Row(0), Matrix(Mixed[0].Random(9).Tensors["layer.one.lora_A"]).Row(0));
    }

    [Fact]
    public void Ranks_that_no_device_of_a_round_has_can_be_trained_again_when_het_lora_divides_by_all_devices()
    {
        var strategy = new HetLoraStrategy(new HetLoraOptions { Divisor = HetLoraDivisor.AllDevices });
        var (before, _) = Round(strategy, Mixed);

        var after = Complete(strategy, [(Mixed[0], Mixed[0].Random(9))], before);

        Near(Matrix(after.Shared["layer.one.lora_B"]).Column(2), Matrix(after.Shared["layer.one.lora_B"]).Column(2) * 0);
        Near(Matrix(after.Shared["layer.one.lora_A"]).Row(2), Matrix(before.Shared["layer.one.lora_A"]).Row(2));
    }

    [Theory]
    [InlineData(typeof(FlexLoraStrategy))]
    [InlineData(typeof(HetLoraStrategy))]
    public void The_largest_numbers_at_the_largest_and_the_smallest_scale_that_are_allowed_stay_finite(Type type)
    {
        var strategy = (IAggregationStrategy)Activator.CreateInstance(type, [null])!;
        KitDevice[] devices = [new("a", 1, AggregationLimits.MaximumScale), new("b", 2, 1 / AggregationLimits.MaximumScale), new("c", 3, AggregationLimits.MaximumScale)];

        var moment = Complete(strategy, [.. devices.Select((device, i) => (device, Largest(device, i)))]);

        moment.Shared.Should().AllSatisfy(tensor => tensor.AsFloats().ToArray().Should().OnlyContain(value => float.IsFinite(value)));
        devices.SelectMany(device => strategy.View(moment, device.Share)).Should().AllSatisfy(tensor => tensor.AsFloats().ToArray().Should().OnlyContain(value => float.IsFinite(value)));

        static ExpertUpdate Largest(KitDevice device, int seed) => device.Update(new TensorSet(device.Random(seed).Tensors
            .Select(tensor => NamedTensor.FromFloats(tensor.Spec.Name, tensor.Spec.Shape.AsSpan(), [.. tensor.AsFloats().ToArray().Select(value => MathF.CopySign(AggregationLimits.MaximumMagnitude, value))]))));
    }

    private static (RunMoment Moment, List<(KitDevice Device, ExpertUpdate Update)> Updates) Round(IAggregationStrategy strategy, KitDevice[] devices)
    {
        List<(KitDevice Device, ExpertUpdate Update)> updates = [.. devices.Select((device, i) => (device, device.Random(i)))];
        return (Complete(strategy, updates), updates);
    }

    private static RunMoment Complete(IAggregationStrategy strategy, List<(KitDevice Device, ExpertUpdate Update)> updates, RunMoment? from = null)
    {
        var moment = from ?? new RunMoment(1, 5, 42, updates[0].Device.Share, TensorSet.Empty);
        var round = strategy.Begin(moment);
        updates.ForEach(update => round.Add(update.Device.Share, update.Update));
        return moment with { Round = moment.Round + 1, Shared = round.Complete() };
    }

    private static Matrix<double> Effect(KitDevice device, TensorSet tensors, int layer)
    {
        var pair = device.Share.Adapters[layer];
        return Matrix(tensors[pair.B]) * Matrix(tensors[pair.A]) * pair.Scale;
    }

    private static DenseMatrix Matrix(NamedTensor tensor)
    {
        var values = tensor.AsFloats().ToArray();
        return DenseMatrix.Create((int)tensor.Spec.Shape[0], (int)tensor.Spec.Shape[1], (i, j) => values[(i * (int)tensor.Spec.Shape[1]) + j]);
    }

    private static void Near(Vector<double> actual, Vector<double> expected) => (actual - expected).L2Norm().Should().BeLessThan(1e-5 * Math.Max(1, expected.L2Norm()));

    private static void Close(IEnumerable<double> actual, IEnumerable<double> expected) => actual.Zip(expected, (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(1e-5);

    [Fact]
    public void Het_lora_weighs_A_as_it_weighs_B()
    {
        var (moment, updates) = Round(new HetLoraStrategy(), Mixed);
        var weights = updates.Select(update => Effect(update.Device, update.Update.Tensors, 0).FrobeniusNorm()).ToArray();
        var a = updates.Select(update => Matrix(update.Update.Tensors["layer.one.lora_A"])).ToArray();

        var all = Matrix(moment.Shared["layer.one.lora_A"]);

        Near(all.Row(0), ((a[0].Row(0) * weights[0]) + (a[1].Row(0) * weights[1]) + (a[2].Row(0) * weights[2])) / weights.Sum());
        Near(all.Row(1), ((a[1].Row(1) * weights[1]) + (a[2].Row(1) * weights[2])) / (weights[1] + weights[2]));
        Near(all.Row(2), a[2].Row(2));
    }

    [Fact]
    public void Flex_lora_counts_devices_alike_if_that_is_asked_for()
    {
        var (chosen, strategy) = (Mixed[..2], new FlexLoraStrategy(new FlexLoraOptions { Weights = UpdateWeights.Uniform }));
        var (moment, updates) = Round(strategy, chosen);

        for (var layer = 0; layer < 2; layer++)
        {
            var sum = (Effect(chosen[0], updates[0].Update.Tensors, layer) + Effect(chosen[1], updates[1].Update.Tensors, layer)) / 2;
            var singular = sum.Svd().S;
            foreach (var device in chosen)
            {
                var rank = (int)device.Share.Tensors[0].Shape[0];
                (sum - Effect(device, strategy.View(moment, device.Share), layer)).FrobeniusNorm()
                    .Should().BeApproximately(Math.Sqrt(singular.Skip(rank).Sum(s => s * s)), 1e-4 * singular[0], $"layer {layer}, rank {rank}");
            }
        }
    }

    [Fact]
    public void No_matrix_of_the_layers_size_is_formed_while_the_ranks_together_are_smaller()
    {
        const int width = 6000; // 288 MB in double precision, squared
        var (strategy, devices) = (new FlexLoraStrategy(), new[] { Wide("a", 2), Wide("b", 3) });
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var (moment, _) = Round(strategy, devices);
        strategy.View(moment, devices[0].Share).Specs.Should().Equal(devices[0].Share.Tensors);

        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(8L * width * width / 4);

        static KitDevice Wide(string name, int rank) => new(new DeviceShare(
            name, 10, [new TensorSpec("lora_A", TensorType.Float32, [rank, width]), new TensorSpec("lora_B", TensorType.Float32, [width, rank])], [new AdapterPair("lora_A", "lora_B", 16.0 / rank)]));
    }
}
