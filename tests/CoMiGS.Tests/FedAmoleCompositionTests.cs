using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Data;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoMiGS.Tests;

/// <summary>FedAMoLE, composed as a host composes it, over a transport and with models that train.</summary>
public sealed class FedAmoleCompositionTests
{
    [Fact]
    public async Task Devices_end_with_what_the_coordinator_assigned_them_and_keeps_and_what_two_hold_is_the_same_on_both()
    {
        using var provider = Federation([1, 2, 3]);

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var shared = provider.GetRequiredService<Coordinator>().Shared;
        foreach (var device in provider.GetServices<CoMiGSDevice>())
        {
            foreach (var parameter in device.Model.Parameters)
            {
                Values(parameter).Should().Equal(shared[parameter.Name].AsFloats().ToArray(), parameter.Name);
            }

            device.Model.Blocks.Cast<AmoleExperts>().Should().AllSatisfy(block => block.Ids.Count.Should().BeInRange(2, 4));
        }

        provider.GetServices<CoMiGSDevice>().SelectMany(device => device.Model.Blocks.Cast<AmoleExperts>().First().Ids).GroupBy(id => id).Should().HaveCount(5).And.OnlyContain(holders => holders.Count() == 2);
        shared["h.0.attn.c_attn.shared.c_attn.lora_B"].AsFloats().ToArray().Should().Contain(value => value != 0);
    }

    [Fact]
    public async Task Devices_with_matching_text_get_matching_experts()
    {
        // Two read one language and two another; an expert goes to two devices, so each language should have its own.
        using var provider = Federation([1, 2, 3, 4], options => (options.Experts, options.DevicesPerExpert, options.MostPerDevice) = (8, 2, 4), index => index < 2 ? Tiny.Text(1, 60) : Digits(60));

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var devices = provider.GetServices<CoMiGSDevice>().ToList();
        var (same, other) = (Common(devices[0], devices[1]) + Common(devices[2], devices[3]), Common(devices[0], devices[2]) + Common(devices[1], devices[3]) + Common(devices[0], devices[3]) + Common(devices[1], devices[2]));
        same.Should().BeGreaterThan(2 * other);
    }

    [Theory]
    [InlineData(12, 2, 8, "*24 places in a layer, and a device takes 2 to 8. With 2 devices that cannot be. What fits: Experts 2 to 8; DevicesPerExpert 1; devices 3 to 12*")]
    [InlineData(5, 3, 8, "*With 2 devices that cannot be. What fits: no number of Experts alone; DevicesPerExpert 1, 2; devices 3 to 7*")]
    public void Numbers_that_do_not_fit_the_devices_are_an_error_at_start_up_that_lists_what_fits(int experts, int copies, int most, string message)
    {
        using var provider = Federation([1, 2], options => (options.Experts, options.DevicesPerExpert, options.MostPerDevice) = (experts, copies, most));

        provider.Invoking(p => p.GetRequiredService<Coordinator>()).Should().Throw<ArgumentException>().WithMessage(message);
    }

    [Fact]
    public void What_does_not_go_together_on_a_device_is_listed_at_start_up()
    {
        using var provider = Federation([1, 2], device: d => d.KeepState(Path.Combine(Path.GetTempPath(), "unused")).UseProximalTerm(1).UseExperts(e => e.Specialists(2)));

        var failures = provider.Invoking(p => p.GetServices<CoMiGSDevice>().ToList()).Should().Throw<OptionsValidationException>().Which.Failures.ToList();

        failures.Should().HaveCount(3);
        failures.Should().ContainSingle(failure => failure.Contains("Set Generalists to 1 and Specialists to 0"));
        failures.Should().ContainSingle(failure => failure.Contains("Leave KeepState out"));
        failures.Should().ContainSingle(failure => failure.Contains("has 2 methods"));
    }

    [Fact]
    public async Task A_device_whose_tokens_take_more_experts_than_it_may_be_assigned_is_refused_with_what_fits()
    {
        using var provider = Federation([1, 2], o => (o.Experts, o.MostPerDevice) = (4, 4), device: d => d.UseRouter(r => r.LoadBalance(0)).UseExperts(e => e.Rank(2)), topK: 3);

        (await provider.Invoking(p => p.GetRequiredService<InProcessFederation>().RunAsync()).Should().ThrowAsync<FederationException>()).WithMessage("*take 3 assigned experts each*as few as 2*");
    }

    [Fact]
    public void A_device_without_assigned_experts_is_refused_with_what_to_do()
    {
        var services = new ServiceCollection();
        services.AddCoMiGS()
            .AddDevice(d => d.UseModel(_ => Tiny.Gpt()).UseData(_ => Tiny.Data()).UseBilevelTraining(t => t.Window = Tiny.Window).UseTransport(t => t.InMemory()))
            .AddCoordinator(c => c.UseAggregation(a => a.FedAmole(o => (o.Experts, o.DevicesPerExpert) = (4, 1))).UseTransport(t => t.InMemory()));
        using var provider = services.BuildServiceProvider();

        provider.Invoking(p => p.GetRequiredService<InProcessFederation>()).Should().Throw<OptionsValidationException>().WithMessage("*needs devices with the ability 'assigned-experts'*");
    }

    private static int Common(CoMiGSDevice one, CoMiGSDevice other) =>
        one.Model.Blocks.Cast<AmoleExperts>().Zip(other.Model.Blocks.Cast<AmoleExperts>(), (a, b) => a.Ids.Intersect(b.Ids).Count()).Sum();

    private static ServiceProvider Federation(
        int[] seeds, Action<FedAmoleOptions>? options = null, Func<int, string>? text = null, Func<DeviceBuilder, DeviceBuilder>? device = null, int topK = 2)
    {
        var services = new ServiceCollection();
        var builder = services.AddCoMiGS();
        for (var i = 0; i < seeds.Length; i++)
        {
            var index = i;
            builder.AddDevice($"device{i}", d => (device ?? (same => same))(d
                .UseModel(_ => Tiny.Gpt())
                .UseFedAmole(o => o.EmbeddingShare = 0.5)
                .UseExperts(e => e.Rank(4).TargetModules(["c_attn", "c_fc"]).Seed(index))
                .UseRouter(r => r.EmbeddingTopK(topK))
                .UseBilevelTraining(t => (t.Window, t.BatchSize, t.LearningRate) = (Tiny.Window, 4, 0.02))
                .UseData(_ => text is null ? Tiny.Data(seeds[index]) : new DeviceData(TextBytes.From(text(index), "train"), TextBytes.From(text(index), "valid")))
                .UseTransport(t => t.InMemory())));
        }

        builder.AddCoordinator(c => c
            .UseAggregation(a => a.FedAmole(options ?? (o => (o.Experts, o.DevicesPerExpert, o.FewestPerDevice, o.MostPerDevice) = (5, 2, 2, 4))))
            .UseRounds(r => (r.Count, r.LocalSteps, r.MinimumDevices) = (4, 6, seeds.Length))
            .UseTransport(t => t.InMemory()));
        return services.BuildServiceProvider();
    }

    private static string Digits(int lines) => string.Concat(Enumerable.Range(0, lines).Select(i => $"{i * 7919 % 1000:000} + {i * 31 % 100:00} = {(i * 7919 % 1000) + (i * 31 % 100):0000}; "));

    private static float[] Values(NamedParameter parameter) => parameter.Value.detach().data<float>().ToArray();
}
