using System.Collections.Concurrent;
using CoMiGS.Aggregation;
using CoMiGS.Experts;
using CoMiGS.Federation;
using CoMiGS.Federation.Methods;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TorchSharp;

namespace CoMiGS.Tests;

/// <summary>Every strategy, composed as a host composes it, over a transport and with a model that trains.</summary>
public sealed class StrategyCompositionTests
{
    public static TheoryData<string> Equal() => new("FedAvgM", "FedAdam", "FedYogi", "CoordinateMedian", "TrimmedMean", "Krum", "NormClipping", "FfaLora");

    public static TheoryData<string> Mixed() => new("FlexLora", "HetLora", "FsLora");

    [Theory]
    [MemberData(nameof(Equal))]
    public async Task Devices_end_with_the_same_shared_parameters_and_they_have_moved(string strategy)
    {
        var ranks = strategy == "Krum" ? new[] { 4, 4, 4, 4, 4 } : [4, 4, 4];
        using var provider = Federation(strategy, ranks, device => strategy == "FfaLora" ? device.UseFrozenDownProjections() : device);

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var devices = provider.GetServices<CoMiGSDevice>().ToList();
        devices.Skip(1).Should().AllSatisfy(device => Values(device, IsShared).Should().Equal(Values(devices[0], IsShared)));
        Values(devices[0], p => IsShared(p) && p.Factor == LoraFactor.B).Should().Contain(value => value != 0);
    }

    [Theory]
    [MemberData(nameof(Mixed))]
    public async Task Devices_of_differing_ranks_learn_together(string strategy)
    {
        using var provider = Federation(strategy, [2, 4, 8], device => strategy == "FsLora" ? device.UseFreshMoments() : strategy == "HetLora" ? device.UseSelfPruning(o => o.Keep = 0.5) : device);

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var devices = provider.GetServices<CoMiGSDevice>().ToList();
        devices.Should().AllSatisfy(device => Values(device, p => p.Role == ParameterRole.Generalist && p.Factor == LoraFactor.B).Should().Contain(value => value != 0));
        provider.GetRequiredService<Coordinator>().Shared.Should().NotBeEmpty();
    }

    [Fact]
    public async Task In_ffa_lora_down_projections_follow_from_the_seed_of_the_run_and_are_never_trained()
    {
        using var provider = Federation("FfaLora", [4, 4], device => device.UseFrozenDownProjections());

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        using var fresh = Tiny.Moe(new ExpertOptions { Rank = 4, AttentionRank = 4, Scaling = LoraScaling.Classic });
        fresh.InitialiseShared(42);
        foreach (var device in provider.GetServices<CoMiGSDevice>())
        {
            Values(device, p => IsShared(p) && p.Factor == LoraFactor.A).Should().Equal(Values(fresh.Parameters, p => IsShared(p) && p.Factor == LoraFactor.A));
        }

        provider.GetRequiredService<Coordinator>().Shared.Should().AllSatisfy(tensor => tensor.Spec.Name.Should().EndWith("lora_B"));
    }

    [Fact]
    public async Task In_fed_sa_lora_down_projections_are_common_and_up_projections_are_not()
    {
        using var provider = Federation("FedSaLora", [4, 4], device => device.Share(SharedRoles.Default.Only(LoraFactor.A)));

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var devices = provider.GetServices<CoMiGSDevice>().ToList();
        Values(devices[0], p => IsShared(p) && p.Factor == LoraFactor.A).Should().Equal(Values(devices[1], p => IsShared(p) && p.Factor == LoraFactor.A));
        Values(devices[0], p => IsShared(p) && p.Factor == LoraFactor.B).Should().NotEqual(Values(devices[1], p => IsShared(p) && p.Factor == LoraFactor.B));
    }

    [Fact]
    public async Task With_peer_trust_every_device_has_a_mixture_of_its_own_and_says_whom_it_trusts()
    {
        var moments = new List<DeviceMoment>();
        using var provider = Federation("PeerTrust", [4, 4], device => device.UsePeerTrust(temperature: 50).OnMoment(moment => { lock (moments) { moments.Add(moment); } }));

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var devices = provider.GetServices<CoMiGSDevice>().ToList();
        Values(devices[0], IsShared).Should().NotEqual(Values(devices[1], IsShared));
        moments.Where(moment => moment.Stage == DeviceStage.Trained && moment.Round == 2).Should().HaveCount(2)
            .And.AllSatisfy(moment => (moment.Metrics["trust.device0"] + moment.Metrics["trust.device1"]).Should().BeApproximately(1, 1e-9));
    }

    [Fact]
    public async Task Trust_can_go_by_a_few_batches_of_validation_text_instead_of_all()
    {
        var whole = await TrustAsync(device => device.UsePeerTrust(temperature: 50));
        var few = await TrustAsync(device => device.UsePeerTrust(temperature: 50, batches: 1));

        few.Should().BeInRange(0.01, 0.99).And.NotBe(whole);
        (await TrustAsync(device => device.UsePeerTrust(temperature: 50, batches: 1))).Should().Be(few, "the same batches are drawn");

        async Task<double> TrustAsync(Func<DeviceBuilder, DeviceBuilder> trust)
        {
            var trusted = new ConcurrentBag<double>();
            using var provider = Federation("PeerTrust", [4, 4], device => trust(device).OnMoment(moment =>
            {
                if (moment is { Stage: DeviceStage.Trained, Round: 2, Device: "device0" })
                {
                    trusted.Add(moment.Metrics["trust.device1"]);
                }
            }));
            await provider.GetRequiredService<InProcessFederation>().RunAsync();
            return trusted.Single();
        }
    }

    [Fact]
    public async Task In_fd_lora_devices_end_with_the_global_adapter_and_their_own_beside_it()
    {
        using var provider = Federation("FdLora", [8, 8, 8], device => device.UseExperts(e => e.Specialists(0)).UseFdLora(o => (o.SyncEvery, o.Budget) = (2, 6)));

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var shared = provider.GetRequiredService<Coordinator>().Shared;
        const string name = "h.1.mlp.experts.0.c_fc.lora_A";
        shared[name].Spec.Shape.Should().Equal(4, 16);
        var held = provider.GetServices<CoMiGSDevice>().Select(device => Values(device, p => p.Name == name).Chunk(4 * 16).ToList()).ToList();
        held.Should().AllSatisfy(halves => halves[0].Should().Equal(shared[name].AsFloats().ToArray()));
        held.Select(halves => string.Join(' ', halves[1])).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_device_with_a_method_of_its_own_is_asked_for_abilities_when_it_checks_in()
    {
        using var provider = Federation("FdLora", [4, 4], device => device.UseMethod((_, training) => training));

        (await provider.Invoking(p => p.GetRequiredService<InProcessFederation>().RunAsync()).Should().ThrowAsync<FederationException>()).WithMessage("*FdLora needs devices with the ability 'fdlora'*");
    }

    [Theory]
    [InlineData("FdLora", "fdlora")]
    [InlineData("PeerTrust", "peer-trust")]
    [InlineData("FfaLora", "frozen-down-projections")]
    [InlineData("FsLora", "fresh-moments")]
    public void A_device_that_lacks_what_its_strategy_needs_is_an_error_at_start_up(string strategy, string ability)
    {
        using var provider = Federation(strategy, [4, 4], device => device.Share(SharedRoles.Default.Only(LoraFactor.B)));

        provider.Invoking(p => p.GetRequiredService<Coordinator>()).Should().Throw<OptionsValidationException>().Which.Failures.Should().HaveCount(2, "there are two devices")
            .And.AllSatisfy(failure => failure.Should().StartWith($"{strategy} needs devices with the ability '{ability}'").And.Contain("docs/strategies.md").And.Contain("WeightedMean").And.NotContain("FlexLora", "it needs both factors"));
    }

    [Theory]
    [InlineData("FedAmole", "assigned-experts")]
    [InlineData("PeerTrust", "peer-trust")]
    public void A_device_made_for_one_strategy_is_an_error_at_start_up_under_another(string made, string ability)
    {
        using var provider = Federation("WeightedMean", [4, 4], device => made == "FedAmole" ? device.UseFedAmole().UseExperts(e => e.TargetModules(["c_attn", "c_fc"])) : device.UsePeerTrust());

        provider.Invoking(p => p.GetRequiredService<Coordinator>()).Should().Throw<OptionsValidationException>().Which.Failures.Should().HaveCount(2)
            .And.AllSatisfy(failure => failure.Should().Contain($"A device with '{ability}' works with {made} alone, and this coordinator uses WeightedMean."));
    }

    [Theory]
    [InlineData("FedSaLora", "'device0': FedSaLora shares one factor of every adapter, but the device shares generalist.lora_B too*Only(LoraFactor.A)*")]
    [InlineData("None", "'device0': NoAggregation combines nothing, but the device would share 4 tensors*")]
    [InlineData("FsLora", "'device0': The device has rank 16, but the coordinator's adapters have 12*")]
    public void A_share_that_the_strategy_cannot_take_is_an_error_at_start_up(string strategy, string message)
    {
        using var provider = Federation(strategy, [16, 16], device => strategy == "FsLora" ? device.UseFreshMoments() : device);

        provider.Invoking(p => p.GetRequiredService<Coordinator>()).Should().Throw<OptionsValidationException>().Which.Failures.Should().HaveCount(2).And.ContainMatch(message);
    }

    [Fact]
    public void A_device_that_shares_nothing_is_an_error_at_start_up_where_shares_are_combined()
    {
        using var provider = Federation("WeightedMean", [4, 4], device => device.Name == "device1" ? device.Share(SharedRoles.None) : device);

        provider.Invoking(p => p.GetRequiredService<Coordinator>()).Should().Throw<OptionsValidationException>().WithMessage("*'device1': *the device shares none*NoAggregation*");
    }

    [Fact]
    public async Task Somebody_elses_strategy_sees_no_share_but_that_of_a_check_in()
    {
        var strategy = new Choosy();
        using var provider = Federation(a => a.Use(_ => strategy), [4, 4], device => device);

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        strategy.Seen.Should().NotBeEmpty().And.OnlyContain(name => name.StartsWith("h.", StringComparison.Ordinal));
    }

    [Fact]
    public void Unlike_numbers_of_generalists_are_an_error_at_start_up()
    {
        using var provider = Federation("FlexLora", [4, 4], device => device.UseExperts(e => e.Generalists(device.Name == "device1" ? 2 : 1)));

        provider.Invoking(p => p.GetRequiredService<Coordinator>()).Should().Throw<OptionsValidationException>().WithMessage("*same number of generalists, but it is 1 on 'device0', 2 on 'device1'*specialists may differ*");
    }

    [Theory]
    [InlineData("WeightedMean")]
    [InlineData("FlexLora")]
    public void Ranks_that_fall_are_an_error_at_start_up_where_a_strategy_does_not_take_them(string strategy)
    {
        using var provider = Federation(strategy, [4, 4], device => device.UseSelfPruning());

        provider.Invoking(p => p.GetRequiredService<Coordinator>()).Should().Throw<OptionsValidationException>().WithMessage("*does not take ranks that fall, but 'device0' has UseSelfPruning*HetLora*");
    }

    [Fact]
    public void A_proximal_term_is_refused_where_a_device_trains_other_numbers_than_it_downloads()
    {
        FluentActions.Invoking(() => Federation("PeerTrust", [4, 4], device => device.UseProximalTerm(1).UsePeerTrust())).Should().Throw<InvalidOperationException>().WithMessage("Device 'device0' has UseProximalTerm and UsePeerTrust*");
        FluentActions.Invoking(() => Federation("FdLora", [4, 4], device => device.UseFdLora().UseProximalTerm(1))).Should().Throw<InvalidOperationException>().WithMessage("*UseFdLora*");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_proximal_term_goes_with_ranks_that_fall_in_either_order(bool proximalFirst)
    {
        using var provider = Federation("HetLora", [4, 4], device => proximalFirst
            ? device.UseProximalTerm(0.1).UseSelfPruning(Eager)
            : device.UseSelfPruning(Eager).UseProximalTerm(0.1));

        await provider.Invoking(p => p.GetRequiredService<InProcessFederation>().RunAsync()).Should().NotThrowAsync();

        static void Eager(SelfPruningOptions options) => (options.Keep, options.Weight) = (0.5, 10);
    }

    [Fact]
    public void In_fd_lora_specialists_and_odd_ranks_are_an_error_at_start_up()
    {
        using var provider = Federation("FdLora", [3, 3], device => device.UseFdLora());

        provider.Invoking(p => p.GetRequiredService<InProcessFederation>()).Should().Throw<ArgumentException>().WithMessage("*Specialists(0)*has rank 3, which is odd*");
    }

    [Fact]
    public async Task A_proximal_term_keeps_devices_near_where_a_round_began()
    {
        (await Moved(device => device.UseProximalTerm(100))).Should().BeLessThan(0.5 * await Moved(device => device));

        static async Task<double> Moved(Func<DeviceBuilder, DeviceBuilder> method)
        {
            using var provider = Federation("WeightedMean", [4, 4], method);
            using var fresh = Tiny.Moe(new ExpertOptions { Rank = 4, AttentionRank = 4, Scaling = LoraScaling.Classic });
            fresh.InitialiseShared(42);
            await provider.GetRequiredService<InProcessFederation>().RunAsync();
            return Values(provider.GetServices<CoMiGSDevice>().First(), IsShared).Zip(Values(fresh.Parameters, IsShared), (x, y) => Math.Pow(x - y, 2)).Sum();
        }
    }

    [Theory]
    [InlineData("FedSaLora")]
    [InlineData("WeightedMean")]
    [InlineData("Krum")]
    public void Differing_ranks_are_an_error_at_start_up_that_lists_what_fits(string strategy)
    {
        using var provider = Federation(strategy, [4, 8, 4], device => strategy == "FedSaLora" ? device.Share(SharedRoles.Default.Only(LoraFactor.A)) : device);

        provider.Invoking(p => p.GetRequiredService<Coordinator>()).Should().Throw<OptionsValidationException>().Which.Failures.Should().ContainSingle()
            .Which.Should().Contain("the same rank on every device").And.Contain("4 on 'device0' and 'device2', 8 on 'device1'").And.Contain("FlexLora, HetLora, FsLora");
    }

    [Theory]
    [InlineData("WeightedMean", "alpha", "the same alpha on every device, but it is 16 on 'device0' and 'device2', 32 on 'device1'")]
    [InlineData("WeightedMean", "scaling", "the same scaling on every device, but it is Classic on 'device0' and 'device2', RankStabilized on 'device1'")]
    [InlineData("FsLora", "alpha", "the same scale times rank on every device, but it is 16 on 'device0' and 'device2', 32 on 'device1'")]
    [InlineData("FsLora", "scaling", "the same scale times rank on every device, but it is 16 on 'device0' and 'device2', 32 on 'device1'")]
    public void Differing_scales_are_an_error_at_start_up_that_lists_what_fits(string strategy, string what, string found)
    {
        using var provider = Federation(strategy, [4, 4, 4], device => (strategy == "FsLora" ? device.UseFreshMoments() : device).Name != "device1"
            ? device
            : device.UseExperts(e => _ = what == "alpha" ? e.Alpha(32) : e.Scaling(LoraScaling.RankStabilized)));

        provider.Invoking(p => p.GetRequiredService<Coordinator>()).Should().Throw<OptionsValidationException>().Which.Failures
            .Should().Contain(failure => failure.Contains(found, StringComparison.Ordinal) && failure.EndsWith("FlexLora, HetLora.", StringComparison.Ordinal));
    }

    private static ServiceProvider Federation(string strategy, int[] ranks, Func<DeviceBuilder, DeviceBuilder> method) => Federation(Named(strategy), ranks, method);

    private static ServiceProvider Federation(Action<AggregationBuilder> strategy, int[] ranks, Func<DeviceBuilder, DeviceBuilder> method)
    {
        var services = new ServiceCollection();
        var builder = services.AddCoMiGS();
        for (var i = 0; i < ranks.Length; i++)
        {
            var index = i;
            builder.AddDevice($"device{i}", d => method(d
                .UseModel(_ => Tiny.Gpt())
                .UseExperts(e => e.Rank(ranks[index]).AttentionRank(4).Scaling(LoraScaling.Classic).Seed(index))
                .UseBilevelTraining(t => (t.Window, t.BatchSize, t.RouterEvery, t.RouterSteps) = (Tiny.Window, 2, 3, 1))
                .UseData(_ => Tiny.Data(index + 1))
                .UseTransport(t => t.InMemory())));
        }

        builder.AddCoordinator(c => c.UseAggregation(strategy).UseRounds(r => (r.Count, r.LocalSteps, r.MinimumDevices) = (3, 2, ranks.Length)).UseTransport(t => t.InMemory()));
        return services.BuildServiceProvider();
    }

    private static Action<AggregationBuilder> Named(string strategy) => a => _ = strategy switch
    {
        "WeightedMean" => a.WeightedMean(),
        "FedAvgM" => a.FedAvgM(),
        "FedAdam" => a.FedAdam(),
        "FedYogi" => a.FedYogi(),
        "CoordinateMedian" => a.CoordinateMedian(),
        "TrimmedMean" => a.TrimmedMean(1),
        "Krum" => a.Krum(liars: 0, chosen: 2),
        "NormClipping" => a.NormClipping(0.5),
        "FfaLora" => a.FfaLora(),
        "FedSaLora" => a.FedSaLora(),
        "None" => a.None(),
        "PeerTrust" => a.PeerTrust(),
        "FdLora" => a.FdLora(),
        "FlexLora" => a.FlexLora(),
        "HetLora" => a.HetLora(),
        "FsLora" => a.FsLora(o => o.Rank = 12),
        _ => throw new ArgumentOutOfRangeException(nameof(strategy), strategy, "no such strategy"),
    };

    private static bool IsShared(NamedParameter parameter) => SharedRoles.Default.Contains(parameter);

    private static float[] Values(CoMiGSDevice device, Func<NamedParameter, bool> which) => Values(device.Model.Parameters, which);

    private static float[] Values(IEnumerable<NamedParameter> parameters, Func<NamedParameter, bool> which) =>
        [.. parameters.Where(which).SelectMany(parameter => parameter.Value.detach().data<float>().ToArray())];

    /// <summary>A strategy that takes an interest in names.</summary>
    private sealed class Choosy : IAggregationStrategy
    {
        private readonly WeightedMean _mean = new();

        public List<string> Seen { get; } = [];

        public string Name => "Choosy";

        public string? Objection(DeviceShare device, DeviceShare? first)
        {
            Seen.AddRange(device.Tensors.Select(spec => spec.Name));
            return null;
        }

        public IAggregation Begin(RunMoment moment) => _mean.Begin(moment);
    }
}
