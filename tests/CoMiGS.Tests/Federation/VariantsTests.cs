using System.Collections.Concurrent;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using Microsoft.Extensions.DependencyInjection;
using TorchSharp;

namespace CoMiGS.Tests.Federation;

/// <summary>1G1S, 2G and 2S from what they are: the plain mean of what is shared, and nothing else from anybody else.</summary>
public sealed class VariantsTests
{
    private const int Rounds = 3;
    private const int Steps = 2;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public async Task What_is_shared_ends_as_the_plain_mean_of_what_was_trained_and_all_else_as_its_device_left_it(int generalists, int specialists)
    {
        var trained = new ConcurrentDictionary<string, Dictionary<string, float[]>>();
        ServiceProvider? provider = null;
        provider = Compose(generalists, specialists, alone: false, moment =>
        {
            if (moment.Stage == DeviceStage.Trained && moment.Round == Rounds)
            {
                trained[moment.Device] = Values(provider!.GetRequiredKeyedService<CoMiGSDevice>(moment.Device).Model);
            }
        });
        await using var disposal = provider;

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var devices = provider.GetServices<CoMiGSDevice>().ToList();
        foreach (var device in devices)
        {
            var held = Values(device.Model);
            foreach (var parameter in device.Model.Parameters)
            {
                var expected = SharedRoles.Default.Contains(parameter)
                    ? [.. Enumerable.Range(0, held[parameter.Name].Length).Select(i => (float)trained.Values.Average(values => (double)values[parameter.Name][i]))]
                    : trained[device.Name][parameter.Name];
                held[parameter.Name].Zip(expected, (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(1e-6f, parameter.Name);
            }
        }

        var last = $"h.1.mlp.experts.{generalists - 1}.c_proj.lora_B";
        Values(devices[0].Model)[last].Should().Contain(value => value != 0).And.Equal(Values(devices[1].Model)[last]);
        Values(devices[0].Model)["h.1.mlp.router.weight"].Should().NotEqual(Values(devices[1].Model)["h.1.mlp.router.weight"]);
    }

    [Fact]
    public async Task In_2S_a_device_ends_where_it_would_have_come_to_by_itself()
    {
        await using var provider = Compose(1, 1, alone: true, _ => { });

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        foreach (var (device, seed) in provider.GetServices<CoMiGSDevice>().Select((device, i) => (device, i + 1)))
        {
            using var moe = Tiny.Moe(new ExpertOptions { Rank = 2, AttentionRank = 2, Seed = seed });
            using var trainer = new BilevelTrainer(moe, Tiny.Data(seed), new BilevelOptions { Window = Tiny.Window, BatchSize = 2, RouterEvery = 2, RouterSteps = 1, TotalSteps = Rounds * Steps, Seed = seed });
            trainer.Train(Rounds * Steps);

            var expected = Values(moe);
            Values(device.Model).Should().AllSatisfy(held => held.Value.Zip(expected[held.Key], (x, y) => Math.Abs(x - y)).Max().Should().BeLessThan(1e-6f, held.Key));
        }
    }

    private static ServiceProvider Compose(int generalists, int specialists, bool alone, Action<DeviceMoment> look)
    {
        var services = new ServiceCollection();
        var builder = services.AddCoMiGS();
        foreach (var seed in new[] { 1, 2, 3 })
        {
            builder.AddDevice($"device-{seed}", device => device
                .UseModel(_ => Tiny.Gpt())
                .UseExperts(experts => experts.Generalists(generalists).Specialists(specialists).Rank(2).AttentionRank(2).Seed(seed))
                .UseBilevelTraining(training => (training.Window, training.BatchSize, training.RouterEvery, training.RouterSteps, training.Seed) = (Tiny.Window, 2, 2, 1, seed))
                .UseData(_ => Tiny.Data(seed))
                .Share(alone ? SharedRoles.None : SharedRoles.Default)
                .OnMoment(look)
                .UseTransport(transport => transport.InMemory()));
        }

        builder.AddCoordinator(coordinator => coordinator
            .UseAggregation(aggregation => _ = alone ? aggregation.None() : aggregation.UniformMean())
            .UseRounds(rounds => (rounds.Count, rounds.LocalSteps, rounds.MinimumDevices) = (Rounds, Steps, 3))
            .UseTransport(transport => transport.InMemory()));
        return services.BuildServiceProvider();
    }

    private static Dictionary<string, float[]> Values(MoeModel model) =>
        model.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.detach().data<float>().ToArray(), StringComparer.Ordinal);
}
