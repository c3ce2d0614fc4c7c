using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FlexLora;
using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Reference.Tests;

/// <summary>FlexLoRA as published, and what the released code makes of it once its two quirks are put back (docs/fidelity.md, D2 and D8).</summary>
[Trait("Category", "Reference")]
public sealed class FlexLoraTests
{
    private const double Alpha = 16;

    public static TheoryData<string> Cases() => AggregationCase.Names("flexlora");

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public async Task The_mean_of_all_effective_updates_is_approximated_and_not_the_last_one(string name)
    {
        using var scope = NewDisposeScope();
        using var reference = new AggregationCase(name);

        await reference.RunAsync(new FlexLoraStrategy(), rank => Alpha / rank, (_, _) => { });

        var expected = reference.Reference.Group("r0.flex_fixed_product.", ScalarType.Float64);
        var whole = reference.Clients.Where(client => client.Layout.Lora.Rank == reference.ServerRank).ToList();
        whole.Should().NotBeEmpty();
        foreach (var (stem, product) in whole.SelectMany(client => AggregationCase.Products(client.Parameters)))
        {
            var value = expected[stem + "lora_BA"];
            product.ShouldMatch(value, reference.Reference.Tolerance("flex_fixed_product", ScalarType.Float32, value), stem);
        }
    }

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public async Task With_its_quirks_put_back_it_leaves_what_the_released_code_leaves(string name)
    {
        using var scope = NewDisposeScope();
        using var reference = new AggregationCase(name);

        await reference.RunAsync(new LastClientOnly(reference.ServerRank), rank => Alpha / rank, (client, round) =>
        {
            reference.CheckClient(client, round, parameter => parameter.Role == ParameterRole.Attention || parameter.Pair is null);
            Check(reference, AggregationCase.Products(reference.Clients[client].Parameters), $"r{round}.client{client}_out_product.", ScalarType.Float32, $"client{client}_out_product");
        });

        for (var round = 0; round < reference.Rounds; round++)
        {
            reference.CheckServer(round, parameter => !parameter.Contains(".mlp.", StringComparison.Ordinal));
            var shared = reference.Server[round];
            var products = shared.Where(t => t.Spec.Name.Contains(".mlp.", StringComparison.Ordinal) && t.Spec.Name.EndsWith("lora_A", StringComparison.Ordinal)).Select(a =>
                ("transformer." + AggregationCase.Stem(a.Spec.Name), AggregationCase.Of(shared[AggregationCase.Stem(a.Spec.Name) + "lora_B"]).to(ScalarType.Float64).matmul(AggregationCase.Of(a).to(ScalarType.Float64))));
            Check(reference, products, $"r{round}.server_out_product.", ScalarType.Float64, "server_out_product");
        }
    }

    private static void Check(AggregationCase reference, IEnumerable<(string Name, Tensor Product)> products, string group, ScalarType type, string quantity)
    {
        var expected = reference.Reference.Group(group, type);
        foreach (var (stem, product) in products)
        {
            var value = expected[stem + "lora_BA"];
            product.ShouldMatch(value, reference.Reference.Tolerance(quantity, ScalarType.Float32, value), group + stem);
        }
    }

    /// <summary>
    /// The released code's server: it zeroes its sum at every client, so that the last one remains, times its weight; divides by alpha / R of the server's rank,
    /// and cuts factors to a client's rank at that scale. All other tensors have a plain mean.
    /// </summary>
    private sealed class LastClientOnly(int serverRank) : IAggregationStrategy
    {
        private readonly FlexLoraStrategy _flexLora = new();

        public string Name => "the released code's FlexLoRA";

        public AggregationNeeds Needs => _flexLora.Needs;

        public string? Objection(DeviceShare device, DeviceShare? first) => _flexLora.Objection(device, first);

        public IAggregation Begin(RunMoment moment) => new CollectedUpdates(updates =>
        {
            var last = updates[^1];
            var lastOnly = _flexLora.Begin(moment);
            lastOnly.Add(last.Device, last.Update);
            var plain = _flexLora.Begin(moment);
            foreach (var update in updates)
            {
                plain.Add(update.Device, update.Update with { Samples = 1 });
            }

            var weight = (double)last.Update.Samples / updates.Sum(update => update.Update.Samples);
            var ups = last.Device.Adapters.Select(pair => pair.B).ToHashSet();
            var downs = last.Device.Adapters.Select(pair => pair.A).ToHashSet();
            var means = plain.Complete();
            return new TensorSet(lastOnly.Complete().Select(tensor =>
                ups.Contains(tensor.Spec.Name) ? Scaled(tensor, weight / (Alpha / serverRank)) : downs.Contains(tensor.Spec.Name) ? tensor : means[tensor.Spec.Name]));
        });

        public TensorSet View(RunMoment moment, DeviceShare device) =>
            _flexLora.View(moment, device with { Adapters = [.. device.Adapters.Select(pair => pair with { Scale = 1 })] });

        private static NamedTensor Scaled(NamedTensor tensor, double factor) =>
            NamedTensor.FromFloats(tensor.Spec.Name, tensor.Spec.Shape.AsSpan(), [.. tensor.AsFloats().ToArray().Select(value => (float)(value * factor))]);
    }
}
