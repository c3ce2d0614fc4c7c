using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Reference.Tests;

/// <summary>A case of rounds that are aggregated: its clients, and a run of them through the library's federation.</summary>
internal sealed class AggregationCase(string name) : IDisposable
{
    public ReferenceCase Reference { get; } = new(name);

    public List<MoeModel> Clients { get; } = [];

    /// <summary>The shared parameters of the coordinator after every round.</summary>
    public List<TensorSet> Server { get; } = [];

    public int Rounds => Reference.Manifest.GetProperty("rounds").GetInt32();

    public string Sharing => Reference.Manifest.GetProperty("collaboration_strategy").GetString()!;

    public static TheoryData<string> Names(string aggregation)
    {
        var data = new TheoryData<string>();
        foreach (var name in ReferenceFolder.Names("aggregation").Where(n => ReferenceFolder.Manifest(n).GetProperty("aggregation").GetString() == aggregation))
        {
            data.Add(name);
        }

        return data;
    }

    public long Samples(int client) => Reference.Manifest.GetProperty("num_train_samples")[client].GetInt64();

    public int ServerRank => OfficialModel.Int(Reference.Manifest.GetProperty("server"), "lora_rank");

    public MoeModel Client(int index) => OfficialModel.Build(
        Reference.Manifest.GetProperty("base"), Reference.Manifest.GetProperty("clients")[index], baseParameters: null, Reference.Group($"r0.client{index}_in."), ScalarType.Float32, Sharing);

    /// <summary>Runs all rounds; after each, every client's model is as its next synchronisation left it when <paramref name="synchronised"/> is told the round.</summary>
    /// <param name="strategy">How updates combine.</param>
    /// <param name="scale">The scale to name for adapters of the feed-forward, by rank.</param>
    /// <param name="synchronised">Told the client and the round whose outcome it just downloaded, counted from 0.</param>
    /// <param name="around">Goes around a client's training.</param>
    /// <param name="initial">What the server starts with.</param>
    public async Task RunAsync(
        IAggregationStrategy strategy, Func<long, double>? scale, Action<int, int> synchronised, Func<MoeModel, ILocalTraining, ILocalTraining>? around = null, TensorSet? initial = null)
    {
        Clients.AddRange(Enumerable.Range(0, Reference.Manifest.GetProperty("clients").GetArrayLength()).Select(Client));
        var transport = new InMemoryTransport();
        Coordinator? coordinator = null;
        using var led = coordinator = new Coordinator(
            new RoundOptions { Count = Rounds, LocalSteps = 1, MinimumDevices = Clients.Count }, strategy, onEvent: Keep, initial: initial);
        using var stop = new CancellationTokenSource();
        var serving = transport.ServeAsync(coordinator, stop.Token);
        await Task.WhenAll(Clients.Select((client, i) =>
        {
            ILocalTraining training = new RecordedClient(client, Samples(i), OfficialModel.Roles(Sharing), round => Reference.Group($"r{round}.client{i}_in."), scale);
            return new FederatedDevice("run", $"client{i}", around?.Invoke(client, training) ?? training, transport, onMoment: moment => Told(i, moment)).RunAsync();
        }));
        await stop.CancelAsync();
        await serving;

        void Keep(RoundEvent what)
        {
            if (what is RoundClosed)
            {
                Server.Add(coordinator!.Shared);
            }
        }

        void Told(int client, DeviceMoment moment)
        {
            var outcome = moment.Stage == DeviceStage.Finished ? moment.Round - 1 : moment.Stage == DeviceStage.Synchronised ? moment.Round - 2 : -1;
            if (outcome >= 0)
            {
                synchronised(client, outcome);
            }
        }
    }

    /// <summary>Holds a client's parameters against what the released code leaves on it.</summary>
    public void CheckClient(int client, int round, Func<NamedParameter, bool>? only = null)
    {
        using var scope = NewDisposeScope();
        var expected = Reference.Group($"r{round}.client{client}_out.");
        foreach (var parameter in Clients[client].Parameters.Where(p => expected.ContainsKey(OfficialModel.OfficialName(p)) && only?.Invoke(p) != false))
        {
            var value = expected[OfficialModel.OfficialName(parameter)];
            parameter.Value.ShouldMatch(value, Reference.Tolerance($"client{client}_out", ScalarType.Float32, value), $"client {client}, round {round}, {parameter.Name}");
        }
    }

    /// <summary>Holds the server's tensors against what the released code leaves on it.</summary>
    public void CheckServer(int round, Func<string, bool>? only = null)
    {
        using var scope = NewDisposeScope();
        var expected = Reference.Group($"r{round}.server_out.", ScalarType.Float64).ToDictionary(t => t.Key, t => t.Value);
        var compared = 0;
        foreach (var parameter in Clients[0].SharedParameters(OfficialModel.Roles(Sharing)).Where(p => only?.Invoke(p.Name) != false))
        {
            var value = expected[OfficialModel.OfficialName(parameter)];
            Of(Server[round][parameter.Name]).ShouldMatch(value, Math.Max(1e-7, Reference.Tolerance("server_out", ScalarType.Float32, value) / 10) * Math.Max(1, value.abs().max().ToDouble()), $"server, round {round}, {parameter.Name}");
            compared++;
        }

        compared.Should().BePositive();
    }

    /// <summary>B A of every adapter of the feed-forward, by the official name of its A without the factor.</summary>
    public static IEnumerable<(string Name, Tensor Product)> Products(IReadOnlyList<NamedParameter> parameters) =>
        from parameter in parameters
        where parameter.Role != ParameterRole.Attention && parameter.Pair is not null
        group parameter by parameter.Pair into pair
        let a = pair.Single(p => p.Factor == LoraFactor.A)
        let b = pair.Single(p => p.Factor == LoraFactor.B)
        select (Stem(OfficialModel.OfficialName(a)), b.Value.detach().to(ScalarType.Float64).matmul(a.Value.detach().to(ScalarType.Float64)));

    public static Tensor Of(NamedTensor tensor) => torch.tensor(tensor.AsFloats().ToArray(), [.. tensor.Spec.Shape]);

    public static string Stem(string nameOfA) => nameOfA[..^"lora_A".Length];

    public void Dispose() => Clients.ForEach(client => client.Dispose());
}
