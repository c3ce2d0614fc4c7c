using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Training;

namespace CoMiGS.Experiments.Configuration;

/// <summary>Makes a configuration small: all methods, a few steps of a tiny model on messages of the SDK, two seeds. Shows that everything runs; its figures mean nothing.</summary>
public static class Smoke
{
    private const int Users = 4;

    /// <summary>The small one.</summary>
    public static Experiment Of(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return experiment with
        {
            Title = $"{experiment.Title} (smoke test: the figures mean nothing)",
            Data = [.. experiment.Data.Select(set => set.Mixed).Distinct().Select(mixed => new DataSpec(mixed ? "smoke, mixed" : "smoke", null, Scenario.Languages, [4], 4, mixed))],
            Methods = [.. experiment.Methods.Select(Fitting)],
            Seeds = [.. experiment.Seeds.Take(2)],
            Budget = experiment.Budget with { Rounds = 2, LocalSteps = 3, BatchSize = 2, RouterEvery = 3, RouterSteps = 2 },
            Base = new BaseModelSettings { Layers = 2, Width = 32, Heads = 4, Window = 64, Steps = 20, BatchSize = 4, WarmUpSteps = 5, Seed = experiment.Base.Seed },
            BaseText = null,
        };
    }

    // For four users and two rounds.
    private static MethodSpec Fitting(MethodSpec method) => method with
    {
        Ranks = OnePerUser(method.Ranks),
        Specialists = OnePerUser(method.Specialists),
        Liars = method.FewestDevices > Users ? null : method.Liars,
        WarmUpRounds = Math.Min(method.WarmUpRounds, 1),
        RouterEvery = method.RouterEvery is null ? null : 3,
    };

    private static IReadOnlyList<int> OnePerUser(IReadOnlyList<int> numbers) => numbers.Count == 1 ? numbers : [.. Enumerable.Range(0, Users).Select(user => numbers[user % numbers.Count])];
}
