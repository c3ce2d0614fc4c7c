using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Aggregation.ServerOptimizer;
using CoMiGS.Experiments.Configuration;
using CoMiGS.Models;
using CoMiGS.Parameters;
using CoMiGS.Training;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS.Experiments.Running;

/// <summary>Puts the devices and the coordinator of a cell into a container, through the library's public builders.</summary>
internal sealed class CellComposition(Cell cell, IReadOnlyList<Participant> participants, int window, Func<Gpt> baseModel) : IDisposable
{
    private readonly List<LeakyTraining> _leaky = [];

    private MethodSpec Method => cell.Method;

    private SharedRoles Shared => Method.Attention == AttentionKind.Local ? SharedRoles.Of(ParameterRole.Generalist) : SharedRoles.Default;

    public ServiceProvider Compose(int threads, TimeProvider time, CellWatch watch)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time);
        var comigs = services.AddCoMiGS()
            .TrainAtOnce(threads)
            .AddCoordinator(coordinator => coordinator
                .UseAggregation(Aggregate)
                .UseRounds(rounds =>
                {
                    rounds.Count = cell.Budget.Rounds;
                    rounds.LocalSteps = cell.Budget.LocalSteps;
                    rounds.MinimumDevices = participants.Count;
                    rounds.InitialSeed = cell.Seed;
                })
                .UseTransport(transport => transport.InMemory()));
        foreach (var participant in participants)
        {
            comigs.AddDevice(participant.Name, device =>
            {
                Compose(device.OnStep(watch).OnMoment(watch.OnMoment), participant);
                if (Method.GradientLeak)
                {
                    device.UseMethod((parts, training) => Leaky(new LeakyTraining(training, parts, participant.Name, watch, time)));
                }
            });
        }

        return services.BuildServiceProvider();
    }

    /// <summary>Frees what the container does not own, after it.</summary>
    public void Dispose() => _leaky.ForEach(training => training.Dispose());

    private LeakyTraining Leaky(LeakyTraining training)
    {
        _leaky.Add(training);
        return training;
    }

    private void Aggregate(AggregationBuilder aggregation) => _ = Method.Aggregation switch
    {
        AggregationKind.None => aggregation.None(),
        AggregationKind.UniformMean => aggregation.UniformMean(),
        AggregationKind.WeightedMean => aggregation.WeightedMean(),
        AggregationKind.PeerTrust => aggregation.PeerTrust(),
        AggregationKind.FlexLora => aggregation.FlexLora(),
        AggregationKind.HetLora => aggregation.HetLora(Weigh),
        AggregationKind.FsLora => aggregation.FsLora(options => options.Rank = Method.ServerRank ?? participants.Max(participant => participant.Rank)),
        AggregationKind.FfaLora => aggregation.FfaLora(),
        AggregationKind.FedSaLora => aggregation.FedSaLora(),
        AggregationKind.FdLora => aggregation.FdLora(),
        AggregationKind.FedAmole => aggregation.FedAmole(Assign),
        AggregationKind.FedAvgM => aggregation.FedAvgM(Step),
        AggregationKind.FedAdam => aggregation.FedAdam(Step),
        AggregationKind.FedYogi => aggregation.FedYogi(Step),
        AggregationKind.CoordinateMedian => aggregation.CoordinateMedian(),
        AggregationKind.TrimmedMean => aggregation.TrimmedMean(Method.LiarsAmong(participants.Count)),
        AggregationKind.Krum => aggregation.Krum(Method.LiarsAmong(participants.Count), Method.Chosen ?? 1),
        AggregationKind.NormClipping => aggregation.NormClipping(Method.ClipNorm ?? 5),
        _ => throw new InvalidOperationException($"There is no aggregation {Method.Aggregation}."),
    };

    private void Weigh(HetLoraOptions options) => (options.Weights, options.Divisor) = (Method.HetLoraWeights, Method.HetLoraDivisor);

    private void Step(ServerOptimizerOptions options) => options.LearningRate = Method.ServerLearningRate;

    // Three assigned experts on a device in the mean, and two to four: with the shared one beside the attention's projections as many numbers to train as in the other methods.
    private void Assign(FedAmoleOptions options)
    {
        options.DevicesPerExpert = Math.Min(2, participants.Count);
        options.Experts = ((3 * participants.Count) + 1) / options.DevicesPerExpert;
        (options.FewestPerDevice, options.MostPerDevice) = (MethodSpec.FewestAssigned, 4);
    }

    private void Compose(DeviceBuilder device, Participant participant)
    {
        var seed = new Seed(cell.Seed).For(participant.Name).Value;
        device
            .UseModel(_ => baseModel())
            .UseExperts(experts => Size(experts, participant, seed))
            .UseRouter(Route)
            .UseBilevelTraining(training => Train(training, participant.Passes, seed))
            .UseData(_ => participant.Data)
            .Share(Method.Aggregation == AggregationKind.None ? SharedRoles.None : Shared)
            .UseTransport(transport => transport.InMemory());
        AddDeviceSide(device);
    }

    private void Size(ExpertsBuilder experts, Participant participant, long seed)
    {
        experts
            .Generalists(Method.Generalists)
            .Specialists(participant.Specialists)
            .Rank(participant.Rank)
            .AttentionRank(participant.Rank)
            .Alpha(Method.Alpha)
            .Scaling(Method.Scaling)
            .Seed(seed);
        if (Method.Attention == AttentionKind.Routed)
        {
            experts.RouteAttention();
        }
    }

    private void Route(RouterBuilder router)
    {
        if (Method.RouterBias || Method.Choose)
        {
            router.Bias();
        }

        router.LoadBalance(Method.LoadBalance);
        if (!Method.Router)
        {
            router.Mean();
        }
        else if (Method.TopK is { } experts)
        {
            router.TopK(experts);
        }
    }

    private void Train(BilevelOptions training, int passes, long seed)
    {
        training.LearningRate = cell.Budget.LearningRate;
        training.WeightDecay = cell.Budget.WeightDecay;
        training.RouterEvery = cell.Budget.RouterEvery;
        training.RouterSteps = cell.Budget.RouterSteps;
        training.RouterSchedule = Method.Schedule;
        training.RouterRateFalls = Method.RouterRateFalls;
        training.MixtureLoss = Method.MixtureLoss ?? 1;
        training.GeneralistLoss = Method.GeneralistLoss;
        training.SpecialistLoss = Method.SpecialistLoss;
        training.WarmUpSteps = Method.WarmUpRounds * cell.Budget.LocalSteps;
        training.BatchSize = cell.Budget.BatchSize;
        training.AccumulationSteps = passes;
        training.Window = window;
        training.Seed = seed;
    }

    // What a strategy needs of a device, where it needs something.
    private void AddDeviceSide(DeviceBuilder device)
    {
        if (Method.Choose)
        {
            device.ChooseOnValidation();
        }

        if (Method.Proximal > 0)
        {
            device.UseProximalTerm(Method.Proximal);
        }

        switch (Method.Aggregation)
        {
            case AggregationKind.PeerTrust:
                device.UsePeerTrust(batches: Method.TrustBatches);
                break;
            case AggregationKind.FsLora:
                device.UseFreshMoments();
                break;
            case AggregationKind.FfaLora:
                device.UseFrozenDownProjections();
                break;
            case AggregationKind.FedSaLora:
                device.Share(Shared.Only(LoraFactor.A));
                break;
            case AggregationKind.FdLora:
                device.UseFdLora();
                break;
            case AggregationKind.FedAmole:
                device.UseFedAmole()
                    .UseExperts(experts => experts.TargetModules(["c_attn", "attn.c_proj"]).Scaling(Method.Scaling))
                    .UseRouter(router => router.LoadBalance(Method.LoadBalance))
                    .UseBilevelTraining(training => training.RouterSchedule = Method.Schedule);
                break;
            case AggregationKind.HetLora when Method.SelfPruning:
                device.UseSelfPruning();
                break;
        }
    }
}
