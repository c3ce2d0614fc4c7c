using System.Text.Json;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Experts;
using CoMiGS.Training;

namespace CoMiGS.Experiments.Configuration;

/// <summary>Reads a method: a preset by its name, and what is to differ from it.</summary>
internal static class MethodReader
{
    private const int MostRank = 1024, MostExperts = 64, MostRounds = 100_000, MostBatches = 100_000, MostDevices = 1000;

    private static readonly Dictionary<string, AggregationKind> Aggregations = new(StringComparer.Ordinal)
    {
        ["none"] = AggregationKind.None,
        ["uniform_mean"] = AggregationKind.UniformMean,
        ["weighted_mean"] = AggregationKind.WeightedMean,
        ["peer_trust"] = AggregationKind.PeerTrust,
        ["flexlora"] = AggregationKind.FlexLora,
        ["hetlora"] = AggregationKind.HetLora,
        ["fslora"] = AggregationKind.FsLora,
        ["ffa_lora"] = AggregationKind.FfaLora,
        ["fedsa_lora"] = AggregationKind.FedSaLora,
        ["fdlora"] = AggregationKind.FdLora,
        ["fedamole"] = AggregationKind.FedAmole,
        ["fedavgm"] = AggregationKind.FedAvgM,
        ["fedadam"] = AggregationKind.FedAdam,
        ["fedyogi"] = AggregationKind.FedYogi,
        ["coordinate_median"] = AggregationKind.CoordinateMedian,
        ["trimmed_mean"] = AggregationKind.TrimmedMean,
        ["krum"] = AggregationKind.Krum,
        ["norm_clipping"] = AggregationKind.NormClipping,
    };

    public static MethodSpec Read(JsonElement element, string path, List<string> mistakes)
    {
        // "fedavg" is short for { "method": "fedavg" }.
        if (element.ValueKind == JsonValueKind.String)
        {
            using var document = JsonDocument.Parse(JsonSerializer.Serialize(new { method = element.GetString() }));
            return Read(document.RootElement, path, mistakes);
        }

        var fields = new JsonFields(element, path, mistakes);
        var preset = fields.Choice("method", null, MethodPresets.All.ToDictionary(pair => pair.Key, pair => (MethodSpec?)pair.Value, StringComparer.Ordinal));
        if (preset is null && fields.Text("method") is null)
        {
            mistakes.Add($"{fields.PathOf("method")} is missing. Use one of: {string.Join(", ", MethodPresets.All.Keys)}.");
        }

        var spec = Fill(fields, preset ?? new MethodSpec { Name = "unknown" });
        fields.RefuseOthers();
        MethodChecks.Check(spec, fields);
        return spec;
    }

    // What is said of a strategy goes with it: another one has its own.
    private static MethodSpec With(MethodSpec preset, AggregationKind aggregation) => aggregation == preset.Aggregation ? preset : preset with
    {
        Aggregation = aggregation,
        Scaling = aggregation is AggregationKind.FsLora or AggregationKind.FedAmole ? LoraScaling.Classic : LoraScaling.RankStabilized,
        TrustBatches = aggregation == AggregationKind.PeerTrust ? MethodPresets.TrustBatches : null,
        Chosen = null,
    };

    private static MethodSpec Fill(JsonFields fields, MethodSpec preset)
    {
        preset = With(preset, fields.Choice("aggregation", preset.Aggregation, Aggregations));
        var generalists = fields.Whole("generalists", preset.Generalists, 0, MostExperts);
        var specialists = fields.Wholes("specialists", 0, MostExperts);
        var experts = fields.Wholes("num_experts", 1, MostExperts);
        if (experts is not null && specialists is not null)
        {
            fields.Mistakes.Add($"{fields.PathOf("num_experts")} and {fields.PathOf("specialists")} say the same. Keep one of them.");
        }

        if (experts?.Min() < generalists)
        {
            fields.Mistakes.Add($"{fields.PathOf("num_experts")} is {experts.Min()}, but there are {generalists} generalists. Use at least that many, or fewer generalists.");
        }

        return preset with
        {
            Name = fields.Text("name") ?? preset.Name,
            Generalists = generalists,
            Specialists = specialists ?? (experts is null ? preset.Specialists : [.. experts.Select(count => Math.Max(0, count - generalists))]),
            Ranks = fields.Wholes("rank", 1, MostRank, "r", "ranks", "lora_rank") ?? preset.Ranks,
            Alpha = fields.Real("alpha", preset.Alpha, 1e-6, 1e6, "lora_alpha"),
            Scaling = fields.Choice("scaling", preset.Scaling, new Dictionary<string, LoraScaling>(StringComparer.Ordinal)
            {
                ["rank_stabilized"] = LoraScaling.RankStabilized,
                ["classic"] = LoraScaling.Classic,
            }),
            ServerRank = fields.MaybeWhole("server_rank", 1, MostRank),
            Router = fields.Flag("router", preset.Router),
            TopK = fields.MaybeWhole("top_k", 1, MostExperts),
            Schedule = fields.Choice("router_schedule", preset.Schedule, new Dictionary<string, RouterSchedule>(StringComparer.Ordinal)
            {
                ["alternating"] = RouterSchedule.Alternating,
                ["joint"] = RouterSchedule.Joint,
                ["each_round"] = RouterSchedule.EachRound,
            }),
            RouterData = fields.Choice("router_data", preset.RouterData, new Dictionary<string, RouterData>(StringComparer.Ordinal)
            {
                ["valid"] = RouterData.Valid,
                ["train"] = RouterData.Train,
            }),
            LoadBalance = fields.Real("load_balance", preset.LoadBalance, 0, 1e3),
            TrustBatches = fields.MaybeWhole("trust_batches", 1, MostBatches) ?? preset.TrustBatches,
            SelfPruning = fields.Flag("self_pruning", preset.SelfPruning),
            GradientLeak = fields.Flag("gradient_leak", preset.GradientLeak),
            MixtureLoss = fields.MaybeReal("mixture_loss", 0, 1e3) ?? preset.MixtureLoss,
            GeneralistLoss = fields.Real("generalist_loss", preset.GeneralistLoss, 0, 1e3),
            SpecialistLoss = fields.Real("specialist_loss", preset.SpecialistLoss, 0, 1e3),
            WarmUpRounds = fields.Whole("warm_up_rounds", preset.WarmUpRounds, 0, MostRounds),
            Attention = fields.Choice("attention", preset.Attention, new Dictionary<string, AttentionKind>(StringComparer.Ordinal)
            {
                ["shared"] = AttentionKind.Shared,
                ["local"] = AttentionKind.Local,
                ["routed"] = AttentionKind.Routed,
            }),
            RouterBias = fields.Flag("router_bias", preset.RouterBias),
            RouterRateFalls = fields.Flag("router_rate_falls", preset.RouterRateFalls),
            Choose = fields.Flag("choose", preset.Choose),
            HetLoraWeights = fields.Choice("hetlora_weights", preset.HetLoraWeights, new Dictionary<string, HetLoraWeights>(StringComparer.Ordinal)
            {
                ["norm_of_product"] = HetLoraWeights.NormOfProduct,
                ["samples"] = HetLoraWeights.Samples,
                ["uniform"] = HetLoraWeights.Uniform,
            }),
            HetLoraDivisor = fields.Choice("hetlora_divisor", preset.HetLoraDivisor, new Dictionary<string, HetLoraDivisor>(StringComparer.Ordinal)
            {
                ["owners"] = HetLoraDivisor.Owners,
                ["all_devices"] = HetLoraDivisor.AllDevices,
            }),
            ServerLearningRate = fields.MaybeReal("server_lr", 1e-9, 1e3, "server_learning_rate") ?? preset.ServerLearningRate,
            Proximal = fields.Real("proximal", preset.Proximal, 0, 1e3, "mu"),
            Liars = fields.MaybeWhole("liars", 0, MostDevices) ?? preset.Liars,
            Chosen = fields.MaybeWhole("chosen", 1, MostDevices) ?? preset.Chosen,
            ClipNorm = fields.MaybeReal("clip_norm", 1e-6, 1e6) ?? preset.ClipNorm,
            StepFactor = fields.Whole("step_factor", preset.StepFactor, 1, 100),
            RouterEvery = fields.MaybeWhole("router_every", 1, MostRounds) ?? preset.RouterEvery,
            RouterSteps = fields.MaybeWhole("router_steps", 0, MostRounds) ?? preset.RouterSteps,
        };
    }
}
