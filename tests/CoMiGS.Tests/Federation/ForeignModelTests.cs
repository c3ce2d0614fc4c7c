using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS.Tests.Federation;

/// <summary>Models of somebody else's class take part in a run as the library's own do, whichever way their experts got in.</summary>
public sealed class ForeignModelTests
{
    public static TheoryData<string> Ways => [.. Cases.Keys];

    private static readonly Dictionary<string, (Action<ExpertsBuilder> Experts, string[] Private)> Cases = new()
    {
        ["feed-forwards"] = (
            e => e.FeedForward<ForeignMlp>(m => new(m.fc1, m.fc2, x => TorchSharp.torch.nn.functional.gelu(x), m.drop.call)),
            ["layers.1.mlp.router.weight", "layers.0.mlp.experts.1.fc1.lora_A", "layers.0.mlp.experts.3.fc2.lora_B"]),
        ["single layers"] = (
            e => e.TargetModules(["fc1", "fc2"]).AttentionModules(["q_proj", "v_proj"]),
            ["layers.1.mlp.fc1.router.weight", "layers.0.mlp.fc2.experts.1.fc2.lora_A", "layers.0.mlp.fc2.experts.3.fc2.lora_B"]),
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Devices_end_with_the_same_generalists_and_nothing_private_crosses_the_wire(string way)
    {
        var tap = new WireTap();
        var services = new ServiceCollection();
        services.AddSingleton(tap.Transport);
        var builder = services.AddCoMiGS();
        ServiceProvider? provider = null;
        foreach (var count in (int[])[0, 1, 3])
        {
            builder.AddDevice($"device-{count}", device => device
                .UseModel(_ => new Foreign(dropout: 0.1))
                .UseExperts(experts => Cases[way].Experts(experts.Specialists(count).Rank(2).AttentionRank(2).Seed(count)))
                .UseBilevelTraining(training => (training.Window, training.BatchSize, training.RouterEvery, training.RouterSteps) = (Tiny.Window, 2, 1, 1))
                .UseData(_ => Tiny.Data(count))
                .OnMoment(moment => tap.Look(Model(moment.Device)))
                .UseTransport(transport => transport.InMemory()));
        }

        builder.AddCoordinator(coordinator => coordinator
            .UseRounds(rounds => (rounds.Count, rounds.LocalSteps, rounds.MinimumDevices) = (1, 2, 3))
            .UseTransport(transport => transport.InMemory()));
        provider = services.BuildServiceProvider();
        await using var disposal = provider;

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var shared = provider.GetServices<CoMiGSDevice>().Select(d => d.Model.SharedParameters()).ToList();
        shared.Should().AllSatisfy(s => Values(s).Should().Equal(Values(shared[0])));
        shared[0].Where(p => p.Role == ParameterRole.Generalist && p.Name.EndsWith("lora_B", StringComparison.Ordinal)).Should().NotBeEmpty()
            .And.OnlyContain(p => p.Value.abs().sum().item<float>() > 0, "training has reached every one");
        tap.ShouldHaveCarriedNothingPrivate(Cases[way].Private);

        MoeModel Model(string device) => provider!.GetRequiredKeyedService<CoMiGSDevice>(device).Model;
    }

    private static IEnumerable<float> Values(IEnumerable<NamedParameter> parameters) => parameters.SelectMany(p => p.Value.detach().data<float>().ToArray());
}
