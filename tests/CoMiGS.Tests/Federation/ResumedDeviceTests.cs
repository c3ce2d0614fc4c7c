using System.Collections.Concurrent;
using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FdLora;
using CoMiGS.Aggregation.FsLora;
using CoMiGS.Aggregation.HetLora;
using CoMiGS.Aggregation.OneFactor;
using CoMiGS.Aggregation.PeerTrust;
using CoMiGS.Federation;
using CoMiGS.Federation.Methods;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using CoMiGS.Transport;
using TorchSharp;

namespace CoMiGS.Tests.Federation;

public sealed class ResumedDeviceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;
    private readonly ConcurrentDictionary<(string Run, string Device, int Round), string> _figures = [];

    [Theory]
    [InlineData(TensorType.Float32)]
    [InlineData(TensorType.Int8)]
    public async Task A_device_that_dies_anywhere_in_a_run_and_comes_back_ends_as_if_it_had_not(TensorType type)
    {
        var moments = 0;
        var quiet = await RunAsync("quiet", _ => moments++ < 0, type: type);
        moments.Should().BeGreaterThan(20);

        for (var death = 1; death <= moments; death++)
        {
            var now = 0;
            (await RunAsync($"{death}", _ => ++now == death, type: type)).Should().Equal(quiet, "the device died at moment {0} of {1}", death, moments);
        }
    }

    [Fact]
    public async Task A_device_that_dies_anywhere_reports_the_figures_of_whole_rounds()
    {
        var moments = 0;
        await RunAsync("quiet", _ => moments++ < 0);
        var quiet = FiguresOf("quiet");
        quiet.Should().HaveCount(3).And.OnlyContain(figures => figures.Contains("loss") && figures.Contains("tokens")).And.Contain(figures => figures.Contains("router_loss"));

        for (var death = 1; death <= moments; death++)
        {
            var now = 0;
            await RunAsync($"{death}", _ => ++now == death);
            FiguresOf($"{death}").Should().Equal(quiet, "the device died at moment {0} of {1}", death, moments);
        }

        IEnumerable<string> FiguresOf(string run) => [.. Enumerable.Range(1, 3).Select(round => _figures[(run, "anna", round)])];
    }

    [Fact]
    public async Task With_losses_of_its_own_a_warm_up_and_a_phase_in_each_round_a_device_that_dies_anywhere_ends_as_if_it_had_not()
    {
        var moments = 0;
        var quiet = await RunAsync("quiet", _ => moments++ < 0, change: Beyond);

        for (var death = 1; death <= moments; death++)
        {
            var now = 0;
            (await RunAsync($"{death}", _ => ++now == death, change: Beyond)).Should().Equal(quiet, "the device died at moment {0} of {1}", death, moments);
        }

        static void Beyond(BilevelOptions options) =>
            (options.RouterSchedule, options.WarmUpSteps, options.GeneralistLoss, options.SpecialistLoss) = (RouterSchedule.EachRound, 4, 1, 0.5);
    }

    [Fact]
    public async Task A_device_that_dies_at_every_moment_after_its_first_ends_as_if_it_had_not()
    {
        var quiet = await RunAsync("quiet", _ => false);
        var seen = new HashSet<string>();

        (await RunAsync("often", seen.Add)).Should().Equal(quiet);
    }

    [Theory]
    [InlineData("FedProx")]
    [InlineData("FfaLora")]
    [InlineData("SelfPruning")]
    [InlineData("FdLora")]
    [InlineData("FedSaLora")]
    [InlineData("FsLora")]
    [InlineData("PeerTrust")]
    public async Task With_a_method_around_its_training_a_device_that_dies_at_every_moment_ends_as_if_it_had_not(string method)
    {
        var quiet = await RunAsync("quiet", _ => false, method);
        var seen = new HashSet<string>();

        (await RunAsync("often", seen.Add, method)).Should().Equal(quiet);

        seen.Should().HaveCountGreaterThan(12);
        var plain = await RunAsync("plain", _ => false);
        quiet.Should().NotEqual(plain, "the method does something");
        if (method == "SelfPruning")
        {
            quiet.Count(value => value == 0).Should().BeGreaterThan(plain.Count(value => value == 0), "ranks have gone");
        }
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("SelfPruning")]
    [InlineData("FdLora")]
    public async Task With_a_method_around_its_training_a_device_that_dies_anywhere_ends_as_if_it_had_not(string method)
    {
        var moments = 0;
        var quiet = await RunAsync("quiet", _ => moments++ < 0, method);

        for (var death = 1; death <= moments; death++)
        {
            var now = 0;
            (await RunAsync($"{death}", _ => ++now == death, method)).Should().Equal(quiet, "the device died at moment {0} of {1}", death, moments);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Two devices, of which Anna dies whenever she is told to and is composed anew from her state.</summary>
    private async Task<float[]> RunAsync(string name, Func<string, bool> dies, string method = "", TensorType type = TensorType.Float32, Action<BilevelOptions>? change = null)
    {
        var transport = new InMemoryTransport();
        var coordinator = Federations.Coordinator(new RoundOptions { Count = 3, LocalSteps = 4, MinimumDevices = 2, SendAs = type }, Strategy(method));
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

        void See(DeviceMoment moment, Action<string> live)
        {
            if (moment.Stage == DeviceStage.Trained)
            {
                _figures[(name, moment.Device, moment.Round)] = string.Join(", ", moment.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal).Select(metric => $"{metric.Key} {metric.Value:R}"));
            }

            live($"{moment.Stage} {moment.Round}");
        }

        async Task<float[]?> LiveAsync(string device, int seed, Action<string> live, CancellationToken cancellationToken)
        {
            using var moe = Tiny.Moe(new() { Rank = method == "SelfPruning" ? 8 : 2, AttentionRank = 2, Seed = seed, Dropout = 0, Specialists = method == "FdLora" ? 0 : 1 });
            var options = new BilevelOptions { Window = 8, BatchSize = 2, RouterEvery = 3, RouterSteps = 2, Seed = seed };
            change?.Invoke(options);
            using var trainer = new BilevelTrainer(moe, Tiny.Data(seed), options, device);
            var states = Path.Combine(_folder, name, device);
            var local = new MoeLocalTraining(moe, trainer, 100, Roles(method), new Steps(report => live($"{report.Kind} {report.Step} {report.LearningRate}")));
            var training = Around(method, local, moe, trainer);
            trainer.LoadState(states);
            trainer.KeepState(states, everySteps: 5);
            try
            {
                await new FederatedDevice("run", device, training, transport, onMoment: moment => See(moment, live), roundingFile: Path.Combine(states, "rounding.bin")).RunAsync(cancellationToken);
                return [.. moe.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray())];
            }
            catch (DeadException)
            {
                return null;
            }
        }
    }

    private static IAggregationStrategy Strategy(string method) => method switch
    {
        "FfaLora" => new FfaLora(),
        "SelfPruning" => new HetLoraStrategy(),
        "FdLora" => new FdLoraStrategy(),
        "FedSaLora" => new FedSaLora(),
        "FsLora" => new FsLoraStrategy(new() { Rank = 4 }),
        "PeerTrust" => new PeerTrustStrategy(),
        _ => new WeightedMean(),
    };

    private static SharedRoles Roles(string method) => method switch
    {
        "FfaLora" => SharedRoles.Default.Only(LoraFactor.B),
        "FedSaLora" => SharedRoles.Default.Only(LoraFactor.A),
        _ => SharedRoles.Default,
    };

    private static ILocalTraining Around(string method, MoeLocalTraining local, MoeModel moe, BilevelTrainer trainer) => method switch
    {
        "FedProx" => new ProximalTerm(local, moe, trainer, mu: 1),
        "FfaLora" => new FrozenDownProjections(local, moe, trainer),
        "SelfPruning" => new SelfPruning(local, moe, trainer, new SelfPruningOptions { Keep = 0.5, Weight = 1 }),
        "FdLora" => new DualAdapters(local, moe, trainer, () => Evaluation.Run(moe.Model, Tiny.Data(1).Valid, window: 8).Loss, new DualAdapterOptions { Budget = 5 }),
        "FsLora" => new FreshMoments(local, trainer),
        "PeerTrust" => new PeerTrust(local, () => Math.Exp(Evaluation.Run(moe.Model, Tiny.Data(1).Valid, window: 8).Loss)),
        _ => local,
    };

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
