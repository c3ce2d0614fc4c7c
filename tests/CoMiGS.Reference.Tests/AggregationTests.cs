using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Reference.Tests;

/// <summary>Sharing by role and the plain mean, against the released code's server. Strategies that cut or rebuild adapters are other cases of the folder.</summary>
[Trait("Category", "Reference")]
public sealed class AggregationTests
{
    public static TheoryData<string> MeanCases()
    {
        var data = new TheoryData<string>();
        foreach (var name in ReferenceFolder.Names("aggregation").Where(n => ReferenceFolder.Manifest(n).GetProperty("aggregation").GetString() == "default"))
        {
            data.Add(name);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(MeanCases))]
    public void The_roles_that_are_shared_are_the_tensors_that_the_released_code_shares(string name)
    {
        using var scope = NewDisposeScope();
        var reference = new ReferenceCase(name);
        using var moe = Client(reference, 0);

        var shared = Shared(reference, moe).Select(OfficialModel.OfficialName).ToHashSet();

        foreach (var tensor in reference.Manifest.GetProperty("is_global").EnumerateObject())
        {
            shared.Contains(tensor.Name).Should().Be(tensor.Value.GetBoolean(), tensor.Name);
        }
    }

    [Theory]
    [MemberData(nameof(MeanCases))]
    public async Task A_round_through_the_transport_leaves_on_server_and_clients_what_the_released_code_leaves(string name)
    {
        using var scope = NewDisposeScope();
        var reference = new ReferenceCase(name);
        var clients = Enumerable.Range(0, reference.Manifest.GetProperty("clients").GetArrayLength()).Select(i => Client(reference, i)).ToList();
        var transport = new InMemoryTransport();
        using var coordinator = new Coordinator(new RoundOptions { Count = 1, LocalSteps = 1, MinimumDevices = clients.Count }, new UniformMean());
        using var stop = new CancellationTokenSource();
        var serving = transport.ServeAsync(coordinator, stop.Token);

        await Task.WhenAll(clients.Select((client, i) => new FederatedDevice("run", $"client{i}", new Unchanged(reference, client, i), transport).RunAsync()));
        await stop.CancelAsync();
        await serving;

        for (var i = 0; i < clients.Count; i++)
        {
            var expected = reference.Group($"r0.client{i}_out.");
            foreach (var parameter in clients[i].Parameters.Where(p => expected.ContainsKey(OfficialModel.OfficialName(p))))
            {
                var value = expected[OfficialModel.OfficialName(parameter)];
                parameter.Value.ShouldMatch(value, reference.Tolerance($"client{i}_out", ScalarType.Float32, value), $"client {i}, {parameter.Name}");
            }
        }

        var server = reference.Group("r0.server_out.", ScalarType.Float64);
        var shared = Shared(reference, clients[0]);
        shared.Should().NotBeEmpty();
        foreach (var parameter in shared)
        {
            var value = server[OfficialModel.OfficialName(parameter)];
            parameter.Value.ShouldMatch(value, 1e-7 * Math.Max(1, value.abs().max().ToDouble()), $"server, {parameter.Name}");
        }

        clients.ForEach(c => c.Dispose());
    }

    private static MoeModel Client(ReferenceCase reference, int index)
    {
        var size = reference.Manifest.GetProperty("base");
        var values = reference.Group($"r0.client{index}_in.");
        return OfficialModel.Build(size, reference.Manifest.GetProperty("clients")[index], baseParameters: null, values, ScalarType.Float32, Strategy(reference));
    }

    private static IReadOnlyList<NamedParameter> Shared(ReferenceCase reference, MoeModel moe) => moe.SharedParameters(OfficialModel.Roles(Strategy(reference)));

    private static string Strategy(ReferenceCase reference) => reference.Manifest.GetProperty("collaboration_strategy").GetString()!;

    /// <summary>A client whose local steps end exactly where the case says they ended.</summary>
    private sealed class Unchanged(ReferenceCase reference, MoeModel moe, int index) : ILocalTraining
    {
        public string BaseFingerprint => "the same base on every client";

        public long Samples => reference.Manifest.GetProperty("num_train_samples")[index].GetInt64();

        public IReadOnlyList<TensorSpec> SharedParameters => Export().Specs;

        public void InitialiseShared(long seed)
        {
        }

        public void Import(TensorSet parameters)
        {
            using var noGrad = no_grad();
            foreach (var (parameter, tensor) in Shared(reference, moe).Zip(parameters))
            {
                parameter.Value.copy_(torch.tensor(tensor.AsFloats().ToArray(), parameter.Value.shape));
            }
        }

        public TensorSet Export() =>
            new(Shared(reference, moe).Select(p => NamedTensor.FromFloats(p.Name, p.Value.shape, p.Value.detach().data<float>().ToArray())));

        public IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken) => new Dictionary<string, double>();
    }
}
