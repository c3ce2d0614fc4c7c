using CoMiGS.Demo.Results;
using CoMiGS.Parameters;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS.Demo.Training;

/// <summary>Puts the devices and the coordinator of one method into a container, through the library's public builders.</summary>
internal static class MethodComposition
{
    private const int FedAvgExperts = 2;

    public static ServiceProvider Compose(MethodKind method, RunPlan plan, MethodWatch watch, TimeProvider time)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time);
        var comigs = services.AddCoMiGS()
            .TrainAtOnce(plan.Options.Threads)
            .AddCoordinator(coordinator => coordinator
                .UseAggregation(aggregation => _ = method == MethodKind.Local ? aggregation.None() : aggregation.UniformMean())
                .SendAs(plan.Options.Payload)
                .UseRounds(rounds =>
                {
                    rounds.Count = plan.Options.Rounds;
                    rounds.LocalSteps = plan.Options.Steps;
                    rounds.MinimumDevices = plan.Devices.Count;
                    rounds.InitialSeed = plan.Options.Seed;
                })
                .UseTransport(transport => transport.InMemory()));
        for (var index = 0; index < plan.Devices.Count; index++)
        {
            AddDevice(comigs, method, plan, index, watch);
        }

        return services.BuildServiceProvider();
    }

    private static void AddDevice(CoMiGSBuilder comigs, MethodKind method, RunPlan plan, int index, MethodWatch watch)
    {
        var device = plan.Devices[index];
        var seed = new Seed(plan.Options.Seed).For(device.Name).Value;
        var alike = method == MethodKind.FedAvg;
        comigs.AddDevice(device.Name, d => d
            .UseModel(_ => plan.CopyOfBase())
            .UseExperts(experts => experts
                .Generalists(alike ? FedAvgExperts : 1)
                .Specialists(alike ? 0 : device.Specialists)
                .Rank(FineTuning.Rank)
                .Alpha(FineTuning.Alpha)
                .Seed(seed))
            // Two experts are both taken for every token: a balance loss would be a constant.
            .UseRouter(router => _ = method == MethodKind.CoMiGS ? router.LoadBalance(0) : router.LoadBalance(0).Mean())
            .UseBilevelTraining(training => FineTuning.Configure(training, plan.Base.Window, seed))
            .UseData(_ => plan.DataOf(index))
            .Share(method == MethodKind.Local ? SharedRoles.None : SharedRoles.Default)
            .OnStep(watch)
            .OnMoment(watch.OnMoment)
            .UseTransport(transport => transport.InMemory()));
    }
}
