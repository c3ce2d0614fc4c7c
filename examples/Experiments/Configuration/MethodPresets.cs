using CoMiGS.Experts;
using CoMiGS.Training;

namespace CoMiGS.Experiments.Configuration;

/// <summary>The methods by name. Those without a router hold two experts and take their mean, so that the methods of experts train as many parameters; FFA-LoRA trains B alone, and FDLoRA a half of each adapter at a time.</summary>
internal static class MethodPresets
{
    public const string CoMiGS = "comigs";

    /// <summary>On how many batches a peer of PCL is measured, as in the released code of CoMiGS.</summary>
    public const int TrustBatches = 20;

    private static readonly MethodSpec Own = new() { Name = "CoMiGS, own losses", GeneralistLoss = 1, SpecialistLoss = 1 };

    private static readonly MethodSpec Either = Own with { Name = "CoMiGS, either", Attention = AttentionKind.Routed, Choose = true };

    private static readonly MethodSpec EachRound = new() { Name = "CoMiGS 2G1S, router each round", Generalists = 2, Schedule = RouterSchedule.EachRound, RouterSteps = 3 };

    private static readonly MethodSpec Shared = new() { Generalists = 2, Specialists = [0], Router = false };

    public static IReadOnlyDictionary<string, MethodSpec> All { get; } = new Dictionary<string, MethodSpec>(StringComparer.Ordinal)
    {
        ["centralized"] = Shared with { Name = "Centralized", Pooled = true, Aggregation = AggregationKind.None },
        ["local"] = Shared with { Name = "Local", Aggregation = AggregationKind.None },
        ["fedavg"] = Shared with { Name = "FedAvg" },
        ["pcl"] = Shared with { Name = "PCL", Aggregation = AggregationKind.PeerTrust, TrustBatches = TrustBatches },
        ["pfedmoe"] = new() { Name = "pFedMoE", Schedule = RouterSchedule.Joint },
        ["comigs_2s"] = new() { Name = "CoMiGS 2S", Aggregation = AggregationKind.None },
        ["comigs_2g"] = new() { Name = "CoMiGS 2G", Generalists = 2, Specialists = [0] },
        [CoMiGS] = new() { Name = "CoMiGS 1G1S" },
        ["comigs_own"] = Own,
        ["comigs_either"] = Either,
        ["comigs_2g1s"] = EachRound,
        ["comigs_routed"] = EachRound with { Name = "CoMiGS, routed", Attention = AttentionKind.Routed },
        ["comigs_both"] = Either with { Name = "CoMiGS, both", Generalists = 2, Schedule = RouterSchedule.EachRound, RouterSteps = 3 },
        ["flexlora"] = Shared with { Name = "FlexLoRA", Aggregation = AggregationKind.FlexLora },
        ["hetlora"] = Shared with { Name = "HetLoRA", Aggregation = AggregationKind.HetLora },
        ["fslora"] = Shared with { Name = "FSLoRA", Aggregation = AggregationKind.FsLora, Scaling = LoraScaling.Classic },
        ["ffa_lora"] = Shared with { Name = "FFA-LoRA", Aggregation = AggregationKind.FfaLora },
        ["fedsa_lora"] = Shared with { Name = "FedSA-LoRA", Aggregation = AggregationKind.FedSaLora },
        ["fedamole"] = new() { Name = "FedAMoLE", Aggregation = AggregationKind.FedAmole, Specialists = [0], Scaling = LoraScaling.Classic, Schedule = RouterSchedule.Joint, LoadBalance = 1e-3 },

        // One expert of twice the rank, whose halves are the global and the personal adapter; alpha keeps alpha / sqrt(rank) as it is for the others.
        ["fdlora"] = Shared with { Name = "FDLoRA", Aggregation = AggregationKind.FdLora, Generalists = 1, Ranks = [16], Alpha = 16 * Math.Sqrt(2) },
        ["fedavgm"] = Shared with { Name = "FedAvgM", Aggregation = AggregationKind.FedAvgM },
        ["fedadam"] = Shared with { Name = "FedAdam", Aggregation = AggregationKind.FedAdam },
        ["fedyogi"] = Shared with { Name = "FedYogi", Aggregation = AggregationKind.FedYogi },
        ["fedprox"] = Shared with { Name = "FedProx", Proximal = 0.01 },
        ["median"] = Shared with { Name = "Median", Aggregation = AggregationKind.CoordinateMedian },
        ["trimmed_mean"] = Shared with { Name = "Trimmed mean", Aggregation = AggregationKind.TrimmedMean },
        ["krum"] = Shared with { Name = "Krum", Aggregation = AggregationKind.Krum },
        ["multi_krum"] = Shared with { Name = "Multi-Krum", Aggregation = AggregationKind.Krum, Chosen = 3 }, // of four devices all but the one farthest off
        ["norm_clipping"] = Shared with { Name = "Norm clipping", Aggregation = AggregationKind.NormClipping },
    };
}
