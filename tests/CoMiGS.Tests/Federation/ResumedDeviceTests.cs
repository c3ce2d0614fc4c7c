using CoMiGS.Federation;
using CoMiGS.Layers;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using CoMiGS.Transport;
using TorchSharp;

namespace CoMiGS.Tests.Federation;

public sealed class ResumedDeviceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    [Theory]
    [InlineData(TensorType.Float32)]
    [InlineData(TensorType.Int8)]
    public async Task A_device_that_dies_anywhere_in_a_run_and_comes_back_ends_as_if_it_had_not(TensorType type)
    {
        var moments = 0;
        var quiet = await RunAsync("quiet", _ => moments++ < 0, type);
        moments.Should().BeGreaterThan(20);

        for (var death = 1; death <= moments; death++)
        {
            var now = 0;
            (await RunAsync($"{death}", _ => ++now == death, type)).Should().Equal(quiet, "the device died at moment {0} of {1}", death, moments);
        }
    }

    [Fact]
    public async Task A_device_that_dies_at_every_moment_after_its_first_ends_as_if_it_had_not()
    {
        var quiet = await RunAsync("quiet", _ => false);
        var seen = new HashSet<string>();

        (await RunAsync("often", seen.Add)).Should().Equal(quiet);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Two devices, of which Anna dies whenever she is told to and is composed anew from her state.</summary>
    private async Task<float[]> RunAsync(string name, Func<string, bool> dies, TensorType type = TensorType.Float32)
    {
        var transport = new InMemoryTransport();
        var coordinator = Federations.Coordinator(new RoundOptions { Count = 3, LocalSteps = 4, MinimumDevices = 2, SendAs = type });
        using var stop = new CancellationTokenSource(Federations.Patience);
        var serving = transport.ServeAsync(coordinator, stop.Token);
        var values = await Task.WhenAll(Task.Run(AnnaAsync), Task.Run(() => LiveAsync("ben", 2, _ => { }, stop.Token)));
        await stop.CancelAsync();
        await serving;
        return [.. values[0]!, .. values[1]!];

        async Task<float[]?> AnnaAsync()
        {
            float[]? values = null;
            while (values is null)
            {
                values = await LiveAsync("anna", 1, moment => Interrupt(dies(moment)), stop.Token);
            }

            return values;
        }

        async Task<float[]?> LiveAsync(string device, int seed, Action<string> live, CancellationToken cancellationToken)
        {
            using var moe = Tiny.Moe(new() { Rank = 2, Seed = seed, Dropout = 0 });
            using var trainer = new BilevelTrainer(moe, Tiny.Data(seed), new() { Window = 8, BatchSize = 2, RouterEvery = 3, RouterSteps = 2, Seed = seed }, device);
            var states = Path.Combine(_folder, name, device);
            trainer.LoadState(states);
            trainer.KeepState(states, everySteps: 5);
            var training = new MoeLocalTraining(moe, trainer, 100, progress: new Steps(report => live($"{report.Kind} {report.Step} {report.LearningRate}")));
            try
            {
                await new FederatedDevice("run", device, training, transport, onMoment: moment => live($"{moment.Stage} {moment.Round}"), roundingFile: Path.Combine(states, "rounding.bin")).RunAsync(cancellationToken);
                return [.. moe.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray())];
            }
            catch (DeadException)
            {
                return null;
            }
        }
    }

    private static void Interrupt(bool dies)
    {
        if (dies)
        {
            throw new DeadException();
        }
    }

    private sealed class Steps(Action<StepReport> hear) : IProgress<StepReport>
    {
        public void Report(StepReport value) => hear(value);
    }

#pragma warning disable CA1032, CA1064 // it leaves this file only as the death of a device
    private sealed class DeadException : Exception;
#pragma warning restore CA1032, CA1064
}
