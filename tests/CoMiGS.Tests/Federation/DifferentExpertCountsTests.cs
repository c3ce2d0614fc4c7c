using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Tests.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CoMiGS.Tests.Federation;

/// <summary>Every device has as many specialists as it likes; what all share stays the same on each.</summary>
public sealed class DifferentExpertCountsTests
{
    private const int Rounds = 3;
    private static readonly int[] Specialists = [0, 1, 3, 7];

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public async Task Devices_with_0_1_3_and_7_specialists_share_the_same_bits_after_every_synchronisation_and_nothing_private(int? topK)
    {
        var tap = new WireTap();
        var synchronised = new ConcurrentDictionary<int, ConcurrentBag<string>>();
        var trained = new ConcurrentDictionary<int, ConcurrentBag<string>>();
        ServiceProvider? provider = null;
        provider = Compose(tap.Transport, topK, Look);
        await using var disposal = provider;

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        provider.GetServices<CoMiGSDevice>().Select(device => device.Model.Blocks[0].Experts.Count).Should().Equal(1, 2, 4, 8);
        synchronised.Keys.Order().Should().Equal(1, 2, 3, 4);
        foreach (var (number, devices) in synchronised)
        {
            devices.Should().HaveCount(4).And.OnlyContain(bits => bits == devices.First(), "synchronisation {0} gives all devices the same", number);
        }

        synchronised.Values.Select(devices => devices.First()).Should().OnlyHaveUniqueItems("every round changes what is shared");
        trained.Values.Should().OnlyContain(devices => devices.Distinct().Count() == 4, "between synchronisations every device goes its own way");
        tap.ShouldHaveCarriedNothingPrivate("h.1.mlp.router.weight", "h.0.mlp.experts.1.c_fc.lora_A", "h.0.mlp.experts.7.c_proj.lora_B");

        void Look(DeviceMoment moment)
        {
            var model = provider!.GetRequiredKeyedService<CoMiGSDevice>(moment.Device).Model;
            tap.Look(model);
            if (moment.Stage is DeviceStage.Synchronised or DeviceStage.Finished)
            {
                var number = moment.Stage == DeviceStage.Finished ? moment.Rounds + 1 : moment.Round;
                synchronised.GetOrAdd(number, _ => []).Add(SharedBits(model));
            }
            else if (moment.Stage == DeviceStage.Trained)
            {
                trained.GetOrAdd(moment.Round, _ => []).Add(SharedBits(model));
            }
        }
    }

    private static ServiceProvider Compose(InMemoryTransport wire, int? topK, Action<DeviceMoment> look)
    {
        var services = new ServiceCollection();
        services.AddSingleton(wire);
        var builder = services.AddCoMiGS().TrainAtOnce(2);
        foreach (var count in Specialists)
        {
            builder.AddDevice($"device-{count}", device => device
                .UseModel(_ => Tiny.Gpt())
                .UseExperts(experts => experts.Specialists(count).Rank(2).AttentionRank(2).Seed(count))
                .UseRouter(router => _ = topK is { } k ? router.TopK(k) : router)
                .UseBilevelTraining(training => (training.Window, training.BatchSize, training.RouterEvery, training.RouterSteps, training.Seed) = (Tiny.Window, 2, 2, 1, count))
                .UseData(_ => Tiny.Data(count))
                .OnMoment(look)
                .UseTransport(transport => transport.InMemory()));
        }

        builder.AddCoordinator(coordinator => coordinator
            .UseAggregation(aggregation => aggregation.WeightedMean())
            .UseRounds(rounds => (rounds.Count, rounds.LocalSteps, rounds.MinimumDevices) = (Rounds, 2, Specialists.Length))
            .UseTransport(transport => transport.InMemory()));
        return services.BuildServiceProvider();
    }

    private static string SharedBits(MoeModel model) =>
        string.Concat(model.SharedParameters().Select(parameter => Convert.ToHexString(MemoryMarshal.AsBytes<float>(parameter.Value.data<float>().ToArray()))));
}
