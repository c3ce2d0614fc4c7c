using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Layers;

namespace CoMiGS.Reference.Tests;

[Trait("Category", "Reference")]
public sealed class TrajectoryTests
{
    public static TheoryData<string> Cases() => ReferenceFolder.Cases("trajectory");

    /// <summary>The cases with router phases; with one optimizer nothing can leak, and the clean run is the official one.</summary>
    public static TheoryData<string> AlternatingCases()
    {
        var data = new TheoryData<string>();
        foreach (var name in ReferenceFolder.Names("trajectory").Where(n => ReferenceFolder.Manifest(n).GetProperty("hyper").GetProperty("alternating").GetBoolean()))
        {
            data.Add(name);
        }

        return data;
    }

    /// <summary>Without router phases there is nothing to leak: the official trace is the clean one.</summary>
    private static string CleanVariant(Trajectory trajectory) => trajectory.Manifest.TryGetProperty("trace_clean", out _) ? "clean" : "official";

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public async Task The_librarys_trainer_and_federation_follow_the_clean_run_pass_by_pass(string name)
    {
        using var scope = NewDisposeScope();
        var trajectory = new Trajectory(name);
        var variant = CleanVariant(trajectory);
        var clients = Clients(trajectory, variant, ScalarType.Float32);
        var transport = new InMemoryTransport();
        var options = new RoundOptions { Count = trajectory.Hyper("rounds"), LocalSteps = trajectory.Hyper("steps"), ExpectedDevices = clients.Count, MinimumDevices = clients.Count };
        using var coordinator = new Coordinator(options, new UniformMean(), initial: trajectory.ServerStart(clients[0].Moe));
        var oneAfterAnother = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        using var stop = new CancellationTokenSource();
        var serving = transport.ServeAsync(coordinator, stop.Token);

        await Task.WhenAll(clients.Select(client => new FederatedDevice(
            options.Run,
            $"client{client.Index}",
            new MoeLocalTraining(client.Moe, client.Trainer, samples: 1 + client.Index, OfficialModel.Roles(trajectory.Strategy)),
            transport,
            onMoment: moment => AtTheEnd(client, moment, variant),
            scheduler: oneAfterAnother).RunAsync()));
        await stop.CancelAsync();
        await serving;

        clients.Should().OnlyContain(c => c.Left == 0 && c.Passes > 0);
        CheckServer(trajectory, variant, clients[0].Moe, ScalarType.Float32);
        clients.ForEach(c => c.Dispose());

        static void AtTheEnd(TrajectoryClient client, DeviceMoment moment, string variant)
        {
            if (moment.Stage == DeviceStage.Trained && moment.Round == moment.Rounds)
            {
                client.Evaluate(); // on its own weights, before the last aggregation
                client.CheckFinal(variant);
            }
        }
    }

    [ReferenceTheory]
    [MemberData(nameof(Cases))]
    public void In_float64_the_librarys_trainer_follows_the_clean_run_to_nine_digits(string name)
    {
        using var scope = NewDisposeScope();
        var trajectory = new Trajectory(name);
        var variant = CleanVariant(trajectory);
        var clients = Clients(trajectory, variant, ScalarType.Float64);

        Run(trajectory, clients, client => client.Trainer.Train(trajectory.Hyper("steps")));

        Check(trajectory, clients, variant);
    }

    [ReferenceTheory]
    [MemberData(nameof(AlternatingCases))]
    public void With_the_gradient_leak_put_back_the_run_is_the_official_one(string name)
    {
        using var scope = NewDisposeScope();
        var trajectory = new Trajectory(name);
        var clients = Clients(trajectory, "official", ScalarType.Float64);
        var leaks = clients.ToDictionary(c => c, c => new LeakyTraining(trajectory, c));

        Run(trajectory, clients, client => leaks[client].Train(trajectory.Hyper("steps")));

        Check(trajectory, clients, "official");
    }

    private static List<TrajectoryClient> Clients(Trajectory trajectory, string variant, ScalarType type) =>
        [.. Enumerable.Range(0, trajectory.Clients).Select(i => new TrajectoryClient(trajectory, i, variant, type))];

    /// <summary>The rounds of the released code in plain loops, so that float64 stays float64: synchronise, train, average.</summary>
    private static void Run(Trajectory trajectory, List<TrajectoryClient> clients, Action<TrajectoryClient> train)
    {
        var start = trajectory.Case.Group("server_init.");
        clients.ForEach(c => OfficialModel.Load(c.Moe, c.Moe.SharedParameters(OfficialModel.Roles(trajectory.Strategy)).ToDictionary(OfficialModel.OfficialName, p => start[OfficialModel.OfficialName(p)])));
        for (var round = 0; round < trajectory.Hyper("rounds"); round++)
        {
            if (round > 0)
            {
                Average(trajectory, clients);
            }

            clients.ForEach(train);
        }

        clients.ForEach(c => c.Evaluate());
    }

    private static void Check(Trajectory trajectory, List<TrajectoryClient> clients, string variant)
    {
        clients.ForEach(c => c.CheckFinal(variant));
        clients.Should().OnlyContain(c => c.Left == 0 && c.Passes > 0);
        Average(trajectory, clients);
        CheckServer(trajectory, variant, clients[0].Moe, ScalarType.Float64);
        clients.ForEach(c => c.Dispose());
    }

    private static void Average(Trajectory trajectory, List<TrajectoryClient> clients)
    {
        using var noGrad = no_grad();
        var shared = clients.Select(c => c.Moe.SharedParameters(OfficialModel.Roles(trajectory.Strategy))).ToList();
        for (var i = 0; i < shared[0].Count; i++)
        {
            var mean = stack(shared.Select(s => (Tensor)s[i].Value)).mean([0L]);
            shared.ForEach(s => s[i].Value.copy_(mean));
        }
    }

    private static void CheckServer(Trajectory trajectory, string variant, MoeModel synchronised, ScalarType type)
    {
        var expected = trajectory.Case.Group($"server_final_{variant}.", type);
        foreach (var parameter in synchronised.SharedParameters(OfficialModel.Roles(trajectory.Strategy)))
        {
            if (expected.TryGetValue(OfficialModel.OfficialName(parameter), out var value))
            {
                parameter.Value.ShouldMatch(value, trajectory.ParameterTolerance(type), $"server, final {parameter.Name}");
            }
        }
    }
}
