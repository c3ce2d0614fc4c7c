using System.Text.Json;
using CoMiGS.Experts;
using CoMiGS.Training;

namespace CoMiGS.Experiments.Configuration;

/// <summary>Reads a method: a preset by its name, and what is to differ from it.</summary>
internal static class MethodReader
{
    private const int MostRank = 1024, MostExperts = 64, MostRounds = 100_000, MostBatches = 100_000;

    private static readonly HashSet<AggregationKind> TakesMixedRanks = [AggregationKind.None, AggregationKind.FlexLora, AggregationKind.HetLora, AggregationKind.FsLora];

    // The others change how a device trains.
    private static readonly HashSet<AggregationKind> Leaks = [AggregationKind.None, AggregationKind.UniformMean, AggregationKind.WeightedMean, AggregationKind.FlexLora];

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
        Check(spec, fields);
        return spec;
    }

    private static MethodSpec Fill(JsonFields fields, MethodSpec preset)
    {
        var aggregation = fields.Choice("aggregation", preset.Aggregation, Aggregations);
        var generalists = fields.Whole("generalists", preset.Generalists, 0, MostExperts);
        var specialists = fields.Wholes("specialists", 0, MostExperts);
        var experts = fields.Wholes("num_experts", 1, MostExperts);
        if (experts is not null && specialists is not null)
        {
            fields.Mistakes.Add($"{fields.PathOf("num_experts")} and {fields.PathOf("specialists")} say the same. Keep one of them.");
        }

        return preset with
        {
            Name = fields.Text("name") ?? preset.Name,
            Aggregation = aggregation,
            Generalists = generalists,
            Specialists = specialists ?? (experts is null ? preset.Specialists : [.. experts.Select(count => Math.Max(0, count - generalists))]),
            Ranks = fields.Wholes("rank", 1, MostRank, "r", "ranks", "lora_rank") ?? preset.Ranks,
            Alpha = fields.Real("alpha", preset.Alpha, 1e-6, 1e6, "lora_alpha"),
            Scaling = fields.Choice("scaling", aggregation == AggregationKind.FsLora ? LoraScaling.Classic : preset.Scaling, new Dictionary<string, LoraScaling>(StringComparer.Ordinal)
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
            MixtureLoss = fields.Find("mixture_loss") is null ? preset.MixtureLoss : fields.Real("mixture_loss", 1, 0, 1e3),
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
            StepFactor = fields.Whole("step_factor", preset.StepFactor, 1, 100),
            RouterEvery = fields.MaybeWhole("router_every", 1, MostRounds) ?? preset.RouterEvery,
            RouterSteps = fields.MaybeWhole("router_steps", 0, MostRounds) ?? preset.RouterSteps,
        };
    }

    private static void Check(MethodSpec spec, JsonFields fields)
    {
        if (spec.Ranks.Distinct().Count() > 1 && !TakesMixedRanks.Contains(spec.Aggregation))
        {
            fields.Mistakes.Add(
                $"{fields.PathOf("rank")} is {string.Join(", ", spec.Ranks)}, but {spec.Aggregation} needs one rank. Use one, or an aggregation that takes several: {string.Join(", ", TakesMixedRanks)}.");
        }

        if (spec.Specialists.Any(count => count + spec.Generalists == 0))
        {
            fields.Mistakes.Add($"{fields.PathOf("specialists")} leaves a device without experts. Use at least one generalist or specialist.");
        }

        if (spec.Aggregation == AggregationKind.FedAmole && (spec.Generalists != 1 || spec.Specialists.Any(count => count != 0) || !spec.Router))
        {
            fields.Mistakes.Add($"{fields.PathOf("aggregation")} is fedamole, whose coordinator says which experts a device has beside one shared expert. Use \"method\": \"fedamole\", and leave generalists, specialists and router out.");
        }

        if (spec.Aggregation != AggregationKind.FedAmole && spec.TopK > spec.Generalists + spec.Specialists.Min())
        {
            fields.Mistakes.Add($"{fields.PathOf("top_k")} is {spec.TopK}, but a device has {spec.Generalists + spec.Specialists.Min()} experts. Use at most that many.");
        }

        if (spec.ServerRank < spec.Ranks.Max())
        {
            fields.Mistakes.Add($"{fields.PathOf("server_rank")} is {spec.ServerRank}, but a device has rank {spec.Ranks.Max()}. The coordinator's rank must be at least that.");
        }

        if (spec.ServerRank is not null && spec.Aggregation != AggregationKind.FsLora)
        {
            fields.Mistakes.Add($"{fields.PathOf("server_rank")} is for fslora, but the aggregation is {spec.Aggregation}. Leave it out.");
        }

        if (spec.TrustBatches is not null && spec.Aggregation != AggregationKind.PeerTrust)
        {
            fields.Mistakes.Add($"{fields.PathOf("trust_batches")} is for peer_trust, but the aggregation is {spec.Aggregation}. Leave it out, or use \"method\": \"pcl\".");
        }

        if (spec.SelfPruning && spec.Aggregation != AggregationKind.HetLora)
        {
            fields.Mistakes.Add($"{fields.PathOf("self_pruning")} is for hetlora, but the aggregation is {spec.Aggregation}. Leave it out.");
        }

        if (spec.GradientLeak && (!spec.Router || spec.Schedule != RouterSchedule.Alternating || !Leaks.Contains(spec.Aggregation)))
        {
            fields.Mistakes.Add($"{fields.PathOf("gradient_leak")} is for a router with phases of its own and these aggregations: {string.Join(", ", Leaks)}. Leave it out, or use \"method\": \"{MethodPresets.CoMiGS}\".");
        }

        if (spec.Aggregation == AggregationKind.FdLora && (spec.Router || spec.Specialists.Any(count => count > 0) || spec.Ranks.Any(rank => rank % 2 != 0)))
        {
            fields.Mistakes.Add(
                $"{fields.PathOf("aggregation")} is fdlora, which divides the rank of everything that is trained between a global and a personal adapter: use specialists 0, router false and an even rank.");
        }

        if (spec.GradientLeak && (spec.MixtureLoss is not null || spec.GeneralistLoss + spec.SpecialistLoss + spec.WarmUpRounds > 0))
        {
            fields.Mistakes.Add($"{fields.PathOf("gradient_leak")} is for training as released, which knows no losses of experts alone and no warm-up. Leave one of them out.");
        }

        if (spec.RouterRateFalls && (!spec.Router || spec.Schedule == RouterSchedule.Joint || spec.GradientLeak))
        {
            fields.Mistakes.Add($"{fields.PathOf("router_rate_falls")} is for a router with phases of its own, and not for gradient_leak. Leave it out, or use \"method\": \"{MethodPresets.CoMiGS}\".");
        }

        CheckLosses(spec, fields);
        if (spec.Choose && !spec.Router)
        {
            fields.Mistakes.Add($"{fields.PathOf("choose")} is written into the routers, but the method has none. Leave it out, or use a router.");
        }

        if (spec.Pooled && (spec.Aggregation != AggregationKind.None || spec.Ranks.Count > 1 || spec.Specialists.Count > 1))
        {
            fields.Mistakes.Add($"{fields.PathOf("method")} has one model for all text: leave aggregation out, and give one rank and one number of specialists.");
        }
    }

    private static void CheckLosses(MethodSpec spec, JsonFields fields)
    {
        foreach (var (name, asked) in new[] { ("generalist_loss", spec.GeneralistLoss > 0), ("warm_up_rounds", spec.WarmUpRounds > 0) })
        {
            if (asked && spec.Generalists == 0)
            {
                fields.Mistakes.Add($"{fields.PathOf(name)} is for generalists, but there are none. Leave it out.");
            }
        }

        if (spec.SpecialistLoss > 0 && spec.Specialists.Min() == 0)
        {
            fields.Mistakes.Add($"{fields.PathOf("specialist_loss")} is for specialists, but a device has none. Leave it out.");
        }

        if (spec.Aggregation == AggregationKind.FedAmole
            && (spec.MixtureLoss is not null || spec.GeneralistLoss > 0 || spec.WarmUpRounds > 0 || spec.Attention == AttentionKind.Routed || spec.RouterBias || spec.Choose))
        {
            fields.Mistakes.Add($"{fields.PathOf("aggregation")} is fedamole, whose experts come and go: leave mixture_loss, generalist_loss, warm_up_rounds, routed attention, router_bias and choose out.");
        }

        if (spec.MixtureLoss == 0 && (spec.GeneralistLoss + spec.SpecialistLoss == 0 || spec.Schedule == RouterSchedule.Joint))
        {
            fields.Mistakes.Add($"{fields.PathOf("mixture_loss")} is 0, so that {(spec.Schedule == RouterSchedule.Joint ? "the router of a joint schedule has no loss" : "nothing is learnt")}. Use a weight above 0.");
        }
    }
}
