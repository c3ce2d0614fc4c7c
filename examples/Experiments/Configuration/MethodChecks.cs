using CoMiGS.Aggregation.HetLora;
using CoMiGS.Experts;
using CoMiGS.Training;

namespace CoMiGS.Experiments.Configuration;

/// <summary>What settings of a method do not go together.</summary>
internal static class MethodChecks
{
    private static readonly HashSet<AggregationKind> TakesMixedRanks = [AggregationKind.None, AggregationKind.FlexLora, AggregationKind.HetLora, AggregationKind.FsLora];

    // Of the others, most change how a device trains.
    private static readonly HashSet<AggregationKind> Leaks = [AggregationKind.None, AggregationKind.UniformMean, AggregationKind.WeightedMean, AggregationKind.FlexLora];

    // Nothing is handed out, or something else than what a device trains.
    private static readonly HashSet<AggregationKind> NothingToStayNear = [AggregationKind.None, AggregationKind.PeerTrust, AggregationKind.FdLora, AggregationKind.FedAmole];

    private static readonly (string Field, Func<MethodSpec, bool> IsSet, AggregationKind[] Kinds)[] OfOneStrategy =
    [
        ("server_rank", spec => spec.ServerRank is not null, [AggregationKind.FsLora]),
        ("trust_batches", spec => spec.TrustBatches is not null, [AggregationKind.PeerTrust]),
        ("self_pruning", spec => spec.SelfPruning, [AggregationKind.HetLora]),
        ("hetlora_weights", spec => spec.HetLoraWeights != HetLoraWeights.NormOfProduct, [AggregationKind.HetLora]),
        ("hetlora_divisor", spec => spec.HetLoraDivisor != HetLoraDivisor.Owners, [AggregationKind.HetLora]),
        ("server_lr", spec => spec.ServerLearningRate is not null, [AggregationKind.FedAvgM, AggregationKind.FedAdam, AggregationKind.FedYogi]),
        ("liars", spec => spec.Liars is not null, [AggregationKind.TrimmedMean, AggregationKind.Krum]),
        ("chosen", spec => spec.Chosen is not null, [AggregationKind.Krum]),
        ("clip_norm", spec => spec.ClipNorm is not null, [AggregationKind.NormClipping]),
    ];

    private static readonly (string Field, Func<MethodSpec, bool> IsSet)[] OfRouters =
    [
        ("top_k", spec => spec.TopK is not null),
        ("router_schedule", spec => spec.Schedule != RouterSchedule.Alternating),
        ("router_data", spec => spec.RouterData != RouterData.Valid),
        ("router_bias", spec => spec.RouterBias),
        ("router_every", spec => spec.RouterEvery is not null),
        ("router_steps", spec => spec.RouterSteps is not null),
        ("load_balance", spec => spec.LoadBalance > 0),
        ("choose", spec => spec.Choose),
    ];

    /// <summary>Adds what is wrong to the mistakes.</summary>
    public static void Check(MethodSpec spec, JsonFields fields)
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

        if (spec.Generalists == 0 && spec.Aggregation != AggregationKind.None)
        {
            fields.Mistakes.Add($"{fields.PathOf("generalists")} is 0, but the aggregation {spec.Aggregation} shares them. Use at least one, or the aggregation none.");
        }

        if (spec.Aggregation == AggregationKind.FedAmole && (spec.Generalists != 1 || spec.Schedule != RouterSchedule.Joint || spec.Specialists.Any(count => count != 0) || !spec.Router))
        {
            fields.Mistakes.Add($"{fields.PathOf("aggregation")} is fedamole, whose coordinator says which experts a device has beside one shared expert. Use \"method\": \"fedamole\", and leave generalists, specialists, router and router_schedule out.");
        }

        if (spec.Aggregation == AggregationKind.FedAmole && spec.TopK > MethodSpec.FewestAssigned)
        {
            fields.Mistakes.Add($"{fields.PathOf("top_k")} is {spec.TopK}, but the coordinator of fedamole assigns a device as few as {MethodSpec.FewestAssigned} experts. Use at most that many.");
        }

        if (spec.Aggregation == AggregationKind.FsLora && spec.Scaling != LoraScaling.Classic && spec.Ranks.Distinct().Count() > 1)
        {
            fields.Mistakes.Add($"{fields.PathOf("scaling")} is rank_stabilized, but fslora with several ranks needs scale times rank to be one number. Use \"scaling\": \"classic\".");
        }

        if (spec.Aggregation != AggregationKind.FedAmole && spec.TopK > spec.Generalists + spec.Specialists.Min())
        {
            fields.Mistakes.Add($"{fields.PathOf("top_k")} is {spec.TopK}, but a device has {spec.Generalists + spec.Specialists.Min()} experts. Use at most that many.");
        }

        if (spec.ServerRank < spec.Ranks.Max())
        {
            fields.Mistakes.Add($"{fields.PathOf("server_rank")} is {spec.ServerRank}, but a device has rank {spec.Ranks.Max()}. The coordinator's rank must be at least that.");
        }

        if (spec.GradientLeak && (!spec.Router || spec.Schedule != RouterSchedule.Alternating || !Leaks.Contains(spec.Aggregation)))
        {
            fields.Mistakes.Add($"{fields.PathOf("gradient_leak")} is for a router with phases of its own and these aggregations: {string.Join(", ", Leaks)}. Leave it out, or use \"method\": \"{MethodPresets.CoMiGS}\".");
        }

        if (spec.Aggregation == AggregationKind.FdLora && (spec.Router || spec.Specialists.Any(count => count > 0) || spec.Ranks.Any(rank => rank % 2 != 0) || spec.Attention != AttentionKind.Shared))
        {
            fields.Mistakes.Add(
                $"{fields.PathOf("aggregation")} is fdlora, which divides the rank of everything that is trained between a global and a personal adapter: use specialists 0, router false, attention shared and an even rank.");
        }

        if (spec.GradientLeak && (spec.MixtureLoss is not null || spec.GeneralistLoss + spec.SpecialistLoss + spec.WarmUpRounds + spec.Proximal > 0))
        {
            fields.Mistakes.Add($"{fields.PathOf("gradient_leak")} is for training as released, which knows no losses of experts alone, no warm-up and no proximal term. Leave one of them out.");
        }

        if (spec.RouterRateFalls && (!spec.Router || spec.Schedule == RouterSchedule.Joint || spec.GradientLeak))
        {
            fields.Mistakes.Add($"{fields.PathOf("router_rate_falls")} is for a router with phases of its own, and not for gradient_leak. Leave it out, or use \"method\": \"{MethodPresets.CoMiGS}\".");
        }

        foreach (var (field, _) in OfRouters.Where(setting => !spec.Router && setting.IsSet(spec)))
        {
            fields.Mistakes.Add($"{fields.PathOf(field)} is for routers, but the method has none. Leave it out, or use a router.");
        }

        if (spec.RouterData == RouterData.Train && (spec.Choose || spec.Aggregation is AggregationKind.PeerTrust or AggregationKind.FdLora))
        {
            fields.Mistakes.Add($"{fields.PathOf("router_data")} is train, but {(spec.Choose ? "choose" : spec.Aggregation)} looks at the same text as the router, which must be another than what experts learn from. Leave one of them out.");
        }

        CheckStrategies(spec, fields);
        CheckLosses(spec, fields);
        if (spec.Pooled && (spec.Aggregation != AggregationKind.None || spec.Ranks.Count > 1 || spec.Specialists.Count > 1))
        {
            fields.Mistakes.Add($"{fields.PathOf("method")} has one model for all text: leave aggregation out, and give one rank and one number of specialists.");
        }
    }

    private static void CheckStrategies(MethodSpec spec, JsonFields fields)
    {
        foreach (var (field, _, kinds) in OfOneStrategy.Where(setting => setting.IsSet(spec) && !setting.Kinds.Contains(spec.Aggregation)))
        {
            fields.Mistakes.Add($"{fields.PathOf(field)} is for {string.Join(", ", kinds)}, but the aggregation is {spec.Aggregation}. Leave it out, or use {(kinds.Length == 1 ? "that aggregation" : "one of those")}.");
        }

        if (spec.Proximal > 0 && NothingToStayNear.Contains(spec.Aggregation))
        {
            fields.Mistakes.Add(
                $"{fields.PathOf("proximal")} keeps what a device trains near what it has downloaded, which does not go with the aggregation {spec.Aggregation}. Leave one of them out.");
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
            && (spec.MixtureLoss is not null || spec.GeneralistLoss > 0 || spec.WarmUpRounds > 0 || spec.Attention != AttentionKind.Shared || spec.RouterBias || spec.Choose))
        {
            fields.Mistakes.Add($"{fields.PathOf("aggregation")} is fedamole, whose experts come and go: leave mixture_loss, generalist_loss, warm_up_rounds, attention, router_bias and choose out.");
        }

        if (spec.MixtureLoss == 0 && (spec.GeneralistLoss + spec.SpecialistLoss == 0 || spec.Schedule == RouterSchedule.Joint))
        {
            fields.Mistakes.Add($"{fields.PathOf("mixture_loss")} is 0, so that {(spec.Schedule == RouterSchedule.Joint ? "the router of a joint schedule has no loss" : "nothing is learnt")}. Use a weight above 0.");
        }
    }
}
