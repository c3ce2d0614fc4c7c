using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Training;

namespace CoMiGS.Experiments.Configuration;

/// <summary>Makes a configuration small: all methods, a few steps of a tiny model on messages of the SDK, two seeds. Shows that everything runs; its figures mean nothing.</summary>
public static class Smoke
{
    /// <summary>The small one.</summary>
    public static Experiment Of(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return experiment with
        {
            Title = $"{experiment.Title} (smoke test: the figures mean nothing)",
            Data = [.. experiment.Data.Select(set => set.Mixed).Distinct().Select(mixed => new DataSpec(mixed ? "smoke, mixed" : "smoke", null, Scenario.Languages, [4], 4, mixed))],
            Seeds = [.. experiment.Seeds.Take(2)],
            Budget = experiment.Budget with { Rounds = 2, LocalSteps = 3, BatchSize = 2, RouterEvery = 3, RouterSteps = 2 },
            Base = new BaseModelSettings { Layers = 2, Width = 32, Heads = 4, Window = 64, Steps = 20, BatchSize = 4, WarmUpSteps = 5, Seed = experiment.Base.Seed },
            BaseText = null,
        };
    }
}
