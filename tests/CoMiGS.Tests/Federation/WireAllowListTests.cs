using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Parameters;
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
        var messages = new ConcurrentQueue<byte[]>();
        var transport = new InMemoryTransport(onMessage: (_, message) => messages.Enqueue(message.ToArray()));
        var privateNames = new ConcurrentDictionary<string, bool>();
        var privateValues = new ConcurrentDictionary<ulong, bool>();
        var sharedValues = new ConcurrentDictionary<ulong, bool>();

        var shared = await RunAsync(transport, (model, _) =>
        {
            foreach (var parameter in model.Parameters)
            {
                var isPrivate = parameter.Role is ParameterRole.Specialist or ParameterRole.Router;
                if (isPrivate)
                {
                    privateNames[parameter.Name] = true;
                }

                foreach (var pair in Pairs(MemoryMarshal.AsBytes<float>(parameter.Value.data<float>().ToArray())))
                {
                    (isPrivate ? privateValues : sharedValues)[pair] = true;
                }
            }
        });

        var wire = messages.ToArray();
        privateNames.Keys.Should().Contain(["h.1.mlp.router.weight", "h.0.mlp.experts.3.c_proj.lora_B"]);
        foreach (var name in privateNames.Keys)
        {
            wire.Any(message => message.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0).Should().BeFalse("{0} is private", name);
        }

        var seen = wire.SelectMany(message => Enumerable.Range(0, 4).SelectMany(offset => Pairs(message.AsSpan(Math.Min(offset, message.Length))))).ToHashSet();
        seen.Where(privateValues.ContainsKey).Should().BeEmpty();
        seen.Count(sharedValues.ContainsKey).Should().BeGreaterThan(1000, "the same search finds what is shared");
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

    /// <summary>Every two neighbouring numbers, as one 64-bit pattern: too long to meet by chance. Zeros say nothing.</summary>
    private static List<ulong> Pairs(ReadOnlySpan<byte> bytes)
    {
        var pairs = new List<ulong>();
        for (var i = 0; i + 8 <= bytes.Length; i += 4)
        {
            var pair = BitConverter.ToUInt64(bytes[i..]);
            if ((uint)pair != 0 && pair >> 32 != 0)
            {
                pairs.Add(pair);
            }
        }

        return pairs;
    }
}
