using CoMiGS.Aggregation;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Data;
using CoMiGS.Federation.Methods;
using CoMiGS.Layers;
using CoMiGS.Training;
using CoMiGS.Transport;

namespace CoMiGS.Reference.Tests;

/// <summary>HetLoRA with the released code's weights (docs/fidelity.md, D17), over rounds in which clients prune their ranks.</summary>
[Trait("Category", "Reference")]
public sealed class HetLoraTests
{
    public static TheoryData<string> Cases() => AggregationCase.Names("hetlora");

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public async Task With_the_released_codes_two_norms_it_leaves_what_the_released_code_leaves(string name)
    {
        using var scope = NewDisposeScope();
        using var reference = new AggregationCase(name);
        using var first = reference.Client(0);
        var server = reference.Reference.Group("server_in.");
        var initial = new TensorSet(first.SharedParameters(OfficialModel.Roles(reference.Sharing)).Select(p =>
        {
            var value = server[OfficialModel.OfficialName(p)];
            return NamedTensor.FromFloats(p.Name, value.shape, value.data<float>().ToArray());
        }));
        var options = new SelfPruningOptions { Keep = reference.Reference.Manifest.GetProperty("pruning_strength").GetDouble(), Weight = 0 };
        var prunings = new Dictionary<MoeModel, SelfPruning>();
        var trainers = new List<BilevelTrainer>();

        await reference.RunAsync(
            new TwoNorms(),
            _ => 1, // the released code knows no scale here
            (client, round) =>
            {
                reference.CheckClient(client, round);
                CheckRanks(reference, client, round, prunings[reference.Clients[client]]);
            },
            (model, training) =>
            {
                var trainer = new BilevelTrainer(model, new NoBatches(), new NoBatches());
                trainers.Add(trainer);
                return prunings[model] = new SelfPruning(training, model, trainer, options);
            },
            initial);

        for (var round = 0; round < reference.Rounds; round++)
        {
            reference.CheckServer(round);
        }

        trainers.ForEach(trainer => trainer.Dispose());
    }

    private static void CheckRanks(AggregationCase reference, int client, int round, SelfPruning pruning)
    {
        var shapes = reference.Reference.Manifest.GetProperty("info")[round].GetProperty("effective_shapes")[client];
        foreach (var (a, rank) in pruning.Ranks)
        {
            shapes.GetProperty("transformer." + a)[0].GetInt32().Should().Be(rank, a);
        }
    }

    /// <summary>A and B weighted apart, each by its own norm, and every row divided by the weights of all clients.</summary>
    private sealed class TwoNorms : IAggregationStrategy
    {
        private readonly HetLoraStrategy _hetLora = new(new HetLoraOptions { Weights = HetLoraWeights.Uniform, Divisor = HetLoraDivisor.AllDevices });

        public string Name => "the released code's HetLoRA";

        public AggregationNeeds Needs => _hetLora.Needs;

        public string? Objection(DeviceShare device, DeviceShare? first) => _hetLora.Objection(device, first);

        public TensorSet View(RunMoment moment, DeviceShare device) => _hetLora.View(moment, device);

        public IAggregation Begin(RunMoment moment) => new CollectedUpdates(updates =>
        {
            var uniform = _hetLora.Begin(moment);
            var pairs = updates[0].Device.Adapters.SelectMany(pair => new[] { pair.A, pair.B }).ToHashSet();
            var norms = pairs.ToDictionary(factor => factor, factor => updates.Sum(update => Norm(update.Update.Tensors[factor])));
            foreach (var (device, update) in updates)
            {
                uniform.Add(device, update with
                {
                    Samples = 1,
                    Tensors = new TensorSet(update.Tensors.Select(tensor => pairs.Contains(tensor.Spec.Name) ? Scaled(tensor, updates.Count * Norm(tensor) / norms[tensor.Spec.Name]) : tensor)),
                });
            }

            var highest = updates[0].Device.Adapters.ToDictionary(pair => pair.A, pair => updates.Max(update => update.Update.Tensors[pair.A].Spec.Shape[0]));
            return new TensorSet(uniform.Complete().Select(tensor => highest.TryGetValue(tensor.Spec.Name, out var rank) ? Beginning(tensor, rank) : tensor));
        });

        /// <summary>The released code has zeros in A, too, where no client has a rank any more; the library lets that row of A rest.</summary>
        private static NamedTensor Beginning(NamedTensor a, long rank) => NamedTensor.FromFloats(
            a.Spec.Name, a.Spec.Shape.AsSpan(), [.. a.AsFloats().ToArray().Select((value, at) => at / a.Spec.Shape[1] < rank ? value : 0)]);

        private static double Norm(NamedTensor tensor) => Math.Sqrt(tensor.AsFloats().ToArray().Sum(value => (double)value * value));

        private static NamedTensor Scaled(NamedTensor tensor, double factor) =>
            NamedTensor.FromFloats(tensor.Spec.Name, tensor.Spec.Shape.AsSpan(), [.. tensor.AsFloats().ToArray().Select(value => (float)(value * factor))]);
    }

    private sealed class NoBatches : IBatchSource
    {
        public long Cursor { get; set; }

        public TokenBatch NextBatch() => throw new InvalidOperationException("recorded clients do not train");
    }
}
