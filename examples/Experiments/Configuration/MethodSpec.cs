using System.Text.Json.Serialization;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Experts;
using CoMiGS.Training;

namespace CoMiGS.Experiments.Configuration;

/// <summary>A method: what is shared, how it combines, and what each device holds. Lists have one number for all devices, or one for each.</summary>
public sealed record MethodSpec
{
    /// <summary>How many experts FedAMoLE's coordinator gives a device at least.</summary>
    public const int FewestAssigned = 2;

    /// <summary>The name in tables; no part of what is computed.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether one model learns from everybody's text, which is what a federation avoids.</summary>
    public bool Pooled { get; init; }

    /// <summary>How updates combine.</summary>
    /// <value>The default is the plain mean.</value>
    public AggregationKind Aggregation { get; init; } = AggregationKind.UniformMean;

    /// <summary>Generalists per block.</summary>
    /// <value>The default is 1.</value>
    public int Generalists { get; init; } = 1;

    /// <summary>Specialists per block.</summary>
    /// <value>The default is 1.</value>
    public IReadOnlyList<int> Specialists { get; init; } = [1];

    /// <summary>LoRA rank of experts and attention adapters.</summary>
    /// <value>The default is 8.</value>
    public IReadOnlyList<int> Ranks { get; init; } = [8];

    /// <summary>LoRA alpha.</summary>
    /// <value>The default is 16.</value>
    public double Alpha { get; init; } = 16;

    /// <summary>What alpha is divided by.</summary>
    /// <value>The default is the square root of the rank.</value>
    public LoraScaling Scaling { get; init; }

    /// <summary>Rank of the coordinator's adapters, for FSLoRA.</summary>
    /// <value>The default is null, the largest rank of a device.</value>
    public int? ServerRank { get; init; }

    /// <summary>Whether a router is learnt; otherwise the experts' plain mean is taken.</summary>
    /// <value>The default is true.</value>
    public bool Router { get; init; } = true;

    /// <summary>Experts that a token takes.</summary>
    /// <value>The default is null: two, or one where there is one.</value>
    public int? TopK { get; init; }

    /// <summary>When the router learns.</summary>
    /// <value>The default is in phases of its own.</value>
    public RouterSchedule Schedule { get; init; }

    /// <summary>What the router learns from.</summary>
    /// <value>The default is the validation split.</value>
    public RouterData RouterData { get; init; }

    /// <summary>Weight of the load-balancing loss.</summary>
    /// <value>The default is 0.</value>
    public double LoadBalance { get; init; }

    /// <summary>Batches of validation text that each peer is measured on, for PCL.</summary>
    /// <value>The default is null, the whole text.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int? TrustBatches { get; init; }

    /// <summary>Whether a device gives up ranks that it does not need, for HetLoRA.</summary>
    public bool SelfPruning { get; init; }

    /// <summary>Whether gradients leak from one split into the other as in the released code (docs/fidelity.md, D1): the ablation. Part of a cell's key only where it is on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool GradientLeak { get; init; }

    // What came later is part of a cell's key only where it is used, so that finished cells keep theirs.

    /// <summary>Weight of the mixture's loss.</summary>
    /// <value>The default is null, 1.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double? MixtureLoss { get; init; }

    /// <summary>Weight of the loss that generalists have alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double GeneralistLoss { get; init; }

    /// <summary>Weight of the loss that specialists have alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double SpecialistLoss { get; init; }

    /// <summary>Rounds in which generalists learn alone before specialists begin as copies of them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int WarmUpRounds { get; init; }

    /// <summary>What is beside the attention's projections.</summary>
    /// <value>The default is one adapter, shared.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public AttentionKind Attention { get; init; }

    /// <summary>Whether routers have a bias.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RouterBias { get; init; }

    /// <summary>Whether the router's learning rate falls with that of the experts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RouterRateFalls { get; init; }

    /// <summary>Whether each device chooses on validation, at the end, how it mixes its experts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Choose { get; init; }

    /// <summary>How much a device counts in an adapter, for HetLoRA.</summary>
    /// <value>The default is by the norm of its effective update.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public HetLoraWeights HetLoraWeights { get; init; }

    /// <summary>By whose weights a row or column is divided, for HetLoRA.</summary>
    /// <value>The default is of the devices that have it.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public HetLoraDivisor HetLoraDivisor { get; init; }

    /// <summary>The coordinator's step size, for FedAvgM, FedAdam and FedYogi.</summary>
    /// <value>The default is null: the library's, 1 for FedAvgM and 0.01 for the others.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double? ServerLearningRate { get; init; }

    /// <summary>FedProx's mu, which holds what is shared near where a round starts from.</summary>
    /// <value>The default is 0, without it.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double Proximal { get; init; }

    /// <summary>How many lying devices the trimmed mean or Krum bears.</summary>
    /// <value>The default is null: one if there are devices enough for that, or none.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int? Liars { get; init; }

    /// <summary>Of how many updates Krum takes the mean; of more than one it is Multi-Krum.</summary>
    /// <value>The default is null, 1.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int? Chosen { get; init; }

    /// <summary>To what length norm clipping shortens an update.</summary>
    /// <value>The default is null, 5.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double? ClipNorm { get; init; }

    /// <summary>How many times the budget's local steps it makes.</summary>
    /// <value>The default is 1.</value>
    [JsonIgnore]
    public int StepFactor { get; init; } = 1;

    /// <summary>Steps between two phases of the router.</summary>
    /// <value>The default is null, the budget's.</value>
    [JsonIgnore]
    public int? RouterEvery { get; init; }

    /// <summary>Steps of a phase of the router.</summary>
    /// <value>The default is null, the budget's.</value>
    [JsonIgnore]
    public int? RouterSteps { get; init; }

    /// <summary>Whether nothing changes a model after its last local step, so that it is measured once.</summary>
    [JsonIgnore]
    public bool EndsWithLocalSteps => Aggregation == AggregationKind.None && !Choose && !(Router && Schedule == RouterSchedule.EachRound);

    /// <summary>The fewest devices whose updates the aggregation combines.</summary>
    [JsonIgnore]
    public int FewestDevices => Aggregation switch
    {
        AggregationKind.TrimmedMean => (2 * (Liars ?? 0)) + 1,
        AggregationKind.Krum => (2 * (Liars ?? 0)) + 3,
        _ => 1,
    };

    /// <summary>The experiment's budget with what this method changes of it, which is part of a cell's key as the budget.</summary>
    public BudgetSpec Spend(BudgetSpec budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return budget with { LocalSteps = budget.LocalSteps * StepFactor, RouterEvery = RouterEvery ?? budget.RouterEvery, RouterSteps = RouterSteps ?? budget.RouterSteps };
    }

    /// <summary>The rank of a device, counted from 0.</summary>
    public int RankOf(int device) => Ranks[Ranks.Count == 1 ? 0 : device];

    /// <summary>The specialists of a device, counted from 0.</summary>
    public int SpecialistsOf(int device) => Specialists[Specialists.Count == 1 ? 0 : device];

    /// <summary>How many lying devices the trimmed mean or Krum bears among so many.</summary>
    public int LiarsAmong(int devices) => Liars ?? Math.Clamp((devices - FewestDevices) / 2, 0, 1);

    /// <summary>Everything that is computed, for the key of a cell.</summary>
    internal MethodSpec Nameless => this with { Name = "" };
}
