using CoMiGS.Aggregation.HetLora;
using CoMiGS.Experiments.Configuration;
using CoMiGS.Experts;
using CoMiGS.Training;

namespace CoMiGS.Demo.Tests.Experiments;

public sealed class ConfigReaderTests
{
    private const string Data = """ "data": [ { "sdk": "languages" } ] """;

    public static TheoryData<string> Configs => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "configs"), "*.json")];

    [Fact]
    public void Every_mistake_is_listed_at_once()
    {
        var reading = () => Parse(
            """
            {
              "data": [ { "name": "nowhere" } ],
              "methods": [
                { "method": "fedavgg" },
                { "method": "fedavg", "r": [8, 16] },
                { "method": "comigs", "rank": 8, "r": 8, "lora_alpha": "much", "colour": "red" },
                { "method": "fslora", "server_rank": 4 }
              ],
              "seeds": [1, 1],
              "budget": { "rounds": 0, "localSteps": 2.5 },
              "base": { "width": 30, "heads": 4 },
              "reference": "Nobody",
              "sizes": 3
            }
            """);

        reading.Should().Throw<DemoException>().Which.Message.Should().StartWith("test.json has 13 mistakes:").And.ContainAll(
            "data[0].folder and data[0].sdk are both missing",
            "methods[0].method is \"fedavgg\", but must be one of: centralized, local, fedavg",
            "methods[1].rank is 8, 16, but UniformMean needs one rank",
            "methods[2].rank and methods[2].r are one setting",
            "methods[2].alpha is \"much\", but must be a number",
            "methods[2].colour is not a setting. Allowed here: method,",
            "methods[3].server_rank is 4, but a device has rank 8",
            "seeds holds \"1\" more than once",
            "budget.rounds is 0, but must be a whole number from 1 to",
            "budget.local_steps is 2.5",
            "base.width is 30, but base.heads is 4",
            "sizes is not a setting",
            "reference is \"Nobody\", but no method has that name");
    }

    [Fact]
    public void Options_beyond_the_paper_are_checked_together()
    {
        var reading = () => Parse(
            $$"""
            {
              {{Data}},
              "methods": [
                "comigs",
                { "method": "fedavg", "name": "a", "specialist_loss": 1, "choose": true, "router_rate_falls": true },
                { "method": "comigs", "name": "b", "generalists": 0, "generalist_loss": 1, "warm_up_rounds": 2 },
                { "method": "comigs", "name": "c", "mixture_loss": 0 },
                { "method": "pfedmoe", "name": "d", "mixture_loss": 0, "generalist_loss": 1 },
                { "method": "comigs", "name": "e", "attention": "both", "step_factor": 0 }
              ]
            }
            """);

        reading.Should().Throw<DemoException>().Which.Message.Should().StartWith("test.json has 10 mistakes:").And.ContainAll(
            "methods[1].router_rate_falls is for a router with phases of its own",
            "methods[1].specialist_loss is for specialists, but a device has none",
            "methods[1].choose is for routers, but the method has none",
            "methods[2].generalists is 0, but the aggregation UniformMean shares them",
            "methods[2].generalist_loss is for generalists",
            "methods[2].warm_up_rounds is for generalists",
            "methods[3].mixture_loss is 0, so that nothing is learnt",
            "methods[4].mixture_loss is 0, so that the router of a joint schedule has no loss",
            "methods[5].attention is \"both\", but must be one of: shared, local, routed",
            "methods[5].step_factor is 0");
    }

    [Theory]
    [InlineData("""{ "method": "fedavg", "top_k": 1 }""", "methods[0].top_k is for routers")]
    [InlineData("""{ "method": "local", "load_balance": 0.1 }""", "methods[0].load_balance is for routers")]
    [InlineData("""{ "method": "pcl", "router_data": "train" }""", "methods[0].router_data is for routers")]
    [InlineData("""{ "method": "comigs_either", "router_data": "train" }""", "methods[0].router_data is train, but choose looks at the same text")]
    [InlineData("""{ "method": "fedavg", "num_experts": 1 }""", "methods[0].num_experts is 1, but there are 2 generalists")]
    [InlineData("""{ "method": "comigs", "generalists": 0 }""", "methods[0].generalists is 0, but the aggregation UniformMean shares them")]
    [InlineData("""{ "method": "comigs", "specialists": 0, "aggregation": "fedamole" }""", "methods[0].aggregation is fedamole")]
    [InlineData("""{ "method": "fedamole", "attention": "local" }""", "methods[0].aggregation is fedamole")]
    [InlineData("""{ "method": "fedamole", "top_k": 3 }""", "methods[0].top_k is 3, but the coordinator of fedamole assigns a device as few as 2 experts")]
    [InlineData("""{ "method": "fslora", "scaling": "rank_stabilized", "r": [32, 16, 16, 16] }""", "methods[0].scaling is rank_stabilized, but fslora with several ranks needs scale times rank to be one number")]
    [InlineData("""{ "method": "fdlora", "attention": "local" }""", "methods[0].aggregation is fdlora")]
    public void What_would_have_no_effect_or_fail_in_the_middle_is_a_mistake(string method, string mistake)
    {
        var reading = () => Parse($$"""{ {{Data}}, "methods": [ {{method}}, { "method": "comigs", "name": "other" } ], "reference": "other" }""");

        reading.Should().Throw<DemoException>().Which.Message.Should().Contain(mistake);
    }

    [Fact]
    public void Another_aggregation_brings_its_own_settings_and_takes_those_of_the_last_one_along()
    {
        var methods = Parse(
            $$"""
            { {{Data}}, "reference": "a", "methods": [
                { "method": "pcl", "name": "a", "aggregation": "uniform_mean" },
                { "method": "multi_krum", "name": "b", "aggregation": "coordinate_median" },
                { "method": "fslora", "name": "c", "aggregation": "flexlora" },
                { "method": "comigs", "name": "d", "aggregation": "peer_trust" },
                { "method": "comigs", "name": "e", "aggregation": "fslora" }
            ] }
            """).Methods;

        methods.Select(method => method.TrustBatches).Should().Equal(null, null, null, 20, null);
        methods[1].Chosen.Should().BeNull();
        methods.Select(method => method.Scaling).Should().Equal(
            LoraScaling.RankStabilized, LoraScaling.RankStabilized, LoraScaling.RankStabilized, LoraScaling.RankStabilized, LoraScaling.Classic);
    }

    [Fact]
    public void A_data_set_may_have_rounds_and_a_method_steps_of_its_own()
    {
        var experiment = Parse("""{ "data": [ { "sdk": "languages", "rounds": 20 } ], "methods": [ "comigs", { "method": "comigs_either", "step_factor": 3, "router_every": 7 } ], "budget": { "rounds": 5, "local_steps": 4 } }""");

        experiment.Data[0].Rounds.Should().Be(20);
        experiment.Methods[1].Spend(experiment.Budget).Should().BeEquivalentTo(new { LocalSteps = 12, RouterEvery = 7, RouterSteps = 10 });
        experiment.Methods[0].Spend(experiment.Budget).Should().Be(experiment.Budget);
    }

    [Fact]
    public void Spellings_of_Python_and_of_NET_mean_the_same()
    {
        var python = Parse($$"""{ {{Data}}, "methods": [ { "method": "comigs", "r": [4, 8, 8, 8], "lora_alpha": 32, "num_experts": [2, 4, 1, 2], "aggregation": "flex_lora", "top_k": 1 } ], "budget": { "local_steps": 3, "lr": 0.001 }, "base": { "n_layer": 2, "block_size": 64 } }""");
        var net = Parse($$"""{ {{Data}}, "Methods": [ { "Method": "CoMiGS", "Rank": [4, 8, 8, 8], "Alpha": 32, "Specialists": [1, 3, 0, 1], "Aggregation": "FlexLora", "TopK": 1 } ], "Budget": { "LocalSteps": 3, "LearningRate": 0.001 }, "Base": { "Layers": 2, "Window": 64 } }""");

        net.Should().BeEquivalentTo(python);
        python.Methods[0].Should().BeEquivalentTo(new
        {
            Ranks = new[] { 4, 8, 8, 8 },
            Specialists = new[] { 1, 3, 0, 1 },
            Alpha = 32.0,
            TopK = 1,
            Aggregation = AggregationKind.FlexLora,
        });
    }

    [Fact]
    public void A_method_by_its_name_alone_is_its_preset()
    {
        var methods = Parse($$"""{ {{Data}}, "methods": ["centralized", "local", "pfedmoe", "fslora", "comigs"] }""").Methods;

        methods.Select(method => method.Name).Should().Equal("Centralized", "Local", "pFedMoE", "FSLoRA", "CoMiGS 1G1S");
        methods[0].Pooled.Should().BeTrue();
        methods[2].Schedule.Should().Be(RouterSchedule.Joint);
        methods[3].Scaling.Should().Be(LoraScaling.Classic);
        methods[4].Should().Be(new MethodSpec { Name = "CoMiGS 1G1S", Ranks = methods[4].Ranks, Specialists = methods[4].Specialists });
    }

    [Fact]
    public void Fdlora_takes_neither_specialists_nor_a_router_nor_odd_ranks()
    {
        var reading = () => Parse($$"""{ {{Data}}, "methods": ["fdlora", { "method": "fdlora", "name": "odd", "r": 7 }, { "method": "comigs", "aggregation": "fdlora" } ] }""");

        reading.Should().Throw<DemoException>().Which.Message.Should().ContainAll("has 2 mistakes", "methods[1].aggregation is fdlora", "methods[2].aggregation is fdlora");
    }

    [Fact]
    public void Server_optimizers_and_robust_means_combine_two_shared_experts()
    {
        var methods = Parse(
            $$"""{ {{Data}}, "methods": ["comigs", "fedavgm", "fedadam", "fedyogi", "fedprox", "median", "trimmed_mean", "krum", "multi_krum", "norm_clipping"] }""").Methods.Skip(1).ToList();

        methods.Select(method => method.Name).Should().Equal("FedAvgM", "FedAdam", "FedYogi", "FedProx", "Median", "Trimmed mean", "Krum", "Multi-Krum", "Norm clipping");
        methods.Select(method => method.Aggregation).Should().Equal(
            AggregationKind.FedAvgM, AggregationKind.FedAdam, AggregationKind.FedYogi, AggregationKind.UniformMean, AggregationKind.CoordinateMedian,
            AggregationKind.TrimmedMean, AggregationKind.Krum, AggregationKind.Krum, AggregationKind.NormClipping);
        methods.Should().OnlyContain(method => method.Generalists == 2 && method.Specialists.Sum() == 0 && !method.Router);
        methods.Where(method => method.Proximal > 0).Select(method => (method.Name, method.Proximal)).Should().Equal(("FedProx", 0.01));
        methods.Where(method => method.Chosen > 1).Select(method => (method.Name, method.Chosen)).Should().Equal(("Multi-Krum", 3));
    }

    [Fact]
    public void A_strategys_settings_are_read()
    {
        var methods = Parse(
            $$"""
            {
              {{Data}},
              "methods": [
                "comigs",
                { "method": "fedadam", "server_lr": 0.1 },
                { "method": "fedyogi", "ServerLearningRate": 0.2 },
                { "method": "hetlora", "r": [8, 4, 4, 4], "hetlora_weights": "samples", "hetlora_divisor": "all_devices", "proximal": 0.3 },
                { "method": "krum", "liars": 0, "chosen": 2 },
                { "method": "comigs", "name": "trimmed", "aggregation": "TrimmedMean", "liars": 2 },
                { "method": "norm_clipping", "clip_norm": 2.5 },
                { "method": "fedprox", "proximal": 0 }
              ]
            }
            """).Methods;

        methods[1].ServerLearningRate.Should().Be(0.1);
        methods[2].ServerLearningRate.Should().Be(0.2);
        methods[3].Should().BeEquivalentTo(new { HetLoraWeights = HetLoraWeights.Samples, HetLoraDivisor = HetLoraDivisor.AllDevices, Proximal = 0.3 });
        methods[4].Should().BeEquivalentTo(new { Liars = 0, Chosen = 2, FewestDevices = 3 });
        methods[5].Should().BeEquivalentTo(new { Aggregation = AggregationKind.TrimmedMean, Liars = 2, FewestDevices = 5 });
        methods[6].ClipNorm.Should().Be(2.5);
        methods[7].Proximal.Should().Be(0);
    }

    [Theory]
    [InlineData("trimmed_mean", 2, 0)]
    [InlineData("trimmed_mean", 4, 1)]
    [InlineData("trimmed_mean", 9, 1)]
    [InlineData("krum", 4, 0)]
    [InlineData("multi_krum", 5, 1)]
    public void One_liar_is_borne_unless_said_if_the_devices_are_enough_for_it(string method, int devices, int liars)
    {
        Parse($$"""{ {{Data}}, "methods": ["comigs", "{{method}}"] }""").Methods[1].LiarsAmong(devices).Should().Be(liars);
    }

    [Fact]
    public void Settings_of_another_strategy_are_refused_and_so_is_a_proximal_term_that_has_nothing_to_stay_near()
    {
        var reading = () => Parse(
            $$"""
            {
              {{Data}},
              "methods": [
                "comigs",
                { "method": "pcl", "name": "a", "proximal": 0.1 },
                { "method": "fdlora", "name": "b", "proximal": 0.1 },
                { "method": "fedamole", "name": "c", "proximal": 0.1 },
                { "method": "fedprox", "name": "d", "aggregation": "peer_trust" },
                { "method": "fedprox", "name": "e", "aggregation": "none" },
                { "method": "comigs", "name": "f", "proximal": 0.1, "gradient_leak": true },
                { "method": "fedavg", "name": "g", "server_lr": 0.1, "liars": 1, "chosen": 2, "clip_norm": 1, "hetlora_weights": "uniform", "hetlora_divisor": "all_devices" },
                { "method": "trimmed_mean", "name": "h", "chosen": 2, "r": [8, 16] },
                { "method": "fedadam", "name": "i", "server_lr": 0 }
              ]
            }
            """);

        reading.Should().Throw<DemoException>().Which.Message.Should().StartWith("test.json has 15 mistakes:").And.ContainAll(
            "methods[1].proximal keeps what a device trains near what it has downloaded, which does not go with the aggregation PeerTrust",
            "methods[2].proximal",
            "methods[3].proximal",
            "methods[4].proximal",
            "methods[5].proximal",
            "methods[6].gradient_leak is for training as released",
            "methods[7].server_lr is for FedAvgM, FedAdam, FedYogi, but the aggregation is UniformMean. Leave it out, or use one of those.",
            "methods[7].liars is for TrimmedMean, Krum",
            "methods[7].chosen is for Krum, but the aggregation is UniformMean. Leave it out, or use that aggregation.",
            "methods[7].clip_norm is for NormClipping",
            "methods[7].hetlora_weights is for HetLora",
            "methods[7].hetlora_divisor is for HetLora",
            "methods[8].chosen is for Krum, but the aggregation is TrimmedMean",
            "methods[8].rank is 8, 16, but TrimmedMean needs one rank",
            "methods[9].server_lr is 0, but must be a number from");
    }

    [Theory]
    [InlineData("{ \"data\": ", "test.json is not JSON")]
    [InlineData("[]", "The file is [], but must be an object")]
    public void A_file_of_another_kind_is_refused(string json, string message)
    {
        var reading = () => Parse(json);

        reading.Should().Throw<DemoException>().WithMessage($"*{message}*");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var reading = () => ConfigReader.Read("no-such.json", ".");

        reading.Should().Throw<DemoException>().WithMessage("--config: there is no file no-such.json*");
    }

    [Theory]
    [MemberData(nameof(Configs))]
    public void The_configurations_that_come_along_are_free_of_mistakes(string file)
    {
        var experiment = ConfigReader.Read(file, "texts");

        experiment.Seeds.Should().HaveCountGreaterThanOrEqualTo(3);
        experiment.Data.Should().OnlyContain(set => set.Folder == null || set.Folder.StartsWith(Path.GetFullPath("texts"), StringComparison.Ordinal));
        Smoke.Of(experiment).Methods.Select(method => method.Name).Should().Equal(experiment.Methods.Select(method => method.Name), "a smoke test runs every method");
    }

    [Fact]
    public void A_smoke_test_has_four_users_whatever_the_lists_were_made_for()
    {
        var methods = Smoke.Of(Parse(
            $$"""
            { {{Data}}, "methods": [
                { "method": "comigs", "num_experts": [2, 3, 4, 2, 2] }, { "method": "hetlora", "r": [8, 16] }, { "method": "krum", "liars": 1 },
                { "method": "comigs", "name": "late", "warm_up_rounds": 4, "router_every": 50 }
            ] }
            """)).Methods;

        methods[0].Specialists.Should().Equal(1, 2, 3, 1);
        methods[1].Ranks.Should().Equal(8, 16, 8, 16);
        methods[2].LiarsAmong(4).Should().Be(0);
        (methods[3].WarmUpRounds, methods[3].RouterEvery).Should().Be((1, 3));
    }

    private static Experiment Parse(string json) => ConfigReader.Parse(json, "test.json", ".");
}
