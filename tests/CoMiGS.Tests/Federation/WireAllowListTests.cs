using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using static CoMiGS.Tests.Federation.Federations;

namespace CoMiGS.Tests.Federation;

/// <summary>Reads every byte between devices and coordinator: what is private never shows, neither by name nor by value.</summary>
public sealed class WireAllowListTests
{
    private static readonly (string Name, int Specialists)[] Devices = [("none", 0), ("one", 1), ("three", 3)];

    [Fact]
    public async Task No_name_and_no_value_of_a_specialist_or_router_ever_crosses_the_wire()
    {
        var tap = new WireTap();

        var shared = await RunAsync(tap.Transport, (model, _) => tap.Look(model));

        tap.ShouldHaveCarriedNothingPrivate("h.1.mlp.router.weight", "h.0.mlp.experts.3.c_proj.lora_B");
        shared.Should().HaveCount(3).And.AllSatisfy(values => values.Should().Equal(shared[0]), "all devices end with the same shared parameters");
    }

    /// <summary>Two rounds of three devices that differ in their number of specialists.</summary>
    private static async Task<List<float[]>> RunAsync(InMemoryTransport transport, Action<MoeModel, DeviceMoment> look)
    {
        var models = Devices.Select(device => Tiny.Moe(new ExpertOptions { Specialists = device.Specialists, TopK = Math.Min(2, 1 + device.Specialists), Seed = device.Specialists })).ToList();
        var trainers = models.Select((model, i) =>
            new BilevelTrainer(model, Tiny.Data(i), new BilevelOptions { Window = Tiny.Window, BatchSize = 2, RouterEvery = 2, RouterSteps = 1, TotalSteps = 6 }, Devices[i].Name)).ToList();
        try
        {
            using var coordinator = Coordinator(new RoundOptions { Count = 2, MinimumDevices = Devices.Length, LocalSteps = 3 });
            var one = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
            await Federations.RunAsync(transport, coordinator, models.Select((model, i) => new FederatedDevice(
                "run", Devices[i].Name, new MoeLocalTraining(model, trainers[i], 100 + i), transport, onMoment: moment => look(model, moment), scheduler: one)));
            return [.. models.Select(model => model.SharedParameters().SelectMany(parameter => parameter.Value.data<float>().ToArray()).ToArray())];
        }
        finally
        {
            trainers.ForEach(trainer => trainer.Dispose());
            models.ForEach(model => model.Dispose());
        }
    }
}
