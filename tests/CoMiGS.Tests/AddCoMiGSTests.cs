using CoMiGS.Checkpoints;
using CoMiGS.Data;
using CoMiGS.Federation;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using CoMiGS.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests;

public sealed class AddCoMiGSTests
{
    [Fact]
    public async Task After_a_run_all_devices_hold_the_same_shared_and_their_own_private_parameters()
    {
        using var provider = Federation(rounds: 3, ("anna", 0), ("ben", 1), ("cleo", 3));

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        var devices = provider.GetServices<CoMiGSDevice>().ToList();
        devices.Select(d => d.Name).Should().Equal("anna", "ben", "cleo");
        devices.Should().OnlyContain(d => d.Trainer.Step == 6);
        foreach (var other in devices.Skip(1))
        {
            Shared(other).Should().Equal(Shared(devices[0]));
        }

        Values(devices[1], ParameterRole.Specialist).Should().NotEqual(Values(devices[2], ParameterRole.Specialist).Take(Values(devices[1], ParameterRole.Specialist).Length));
        (await provider.GetRequiredService<Coordinator>().Finished).Version.Should().Be(3);
    }

    [Fact]
    public async Task The_same_composition_gives_the_same_numbers_however_many_devices_train_at_once()
    {
        (await Run(1)).Should().Equal(await Run(3));

        static async Task<float[]> Run(int atOnce)
        {
            using var provider = Federation(rounds: 2, atOnce, ("anna", 1), ("ben", 1), ("cleo", 1));
            await provider.GetRequiredService<InProcessFederation>().RunAsync();
            return [.. provider.GetServices<CoMiGSDevice>().SelectMany(d => d.Model.Parameters).SelectMany(p => p.Value.detach().data<float>().ToArray())];
        }
    }

    [Fact]
    public async Task Devices_that_share_nothing_exchange_no_parameters()
    {
        var services = new ServiceCollection();
        var moments = new List<DeviceMoment>();
        services.AddCoMiGS()
            .AddDevice("anna", d => Device(d, 1).Share(SharedRoles.None).OnMoment(m => { lock (moments) { moments.Add(m); } }))
            .AddDevice("ben", d => Device(d, 1).Share(SharedRoles.None))
            .AddCoordinator(c => c.UseAggregation(a => a.None()).UseRounds(r => (r.Count, r.LocalSteps) = (2, 2)).UseTransport(t => t.InMemory()));
        using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        moments.Should().HaveCount(7).And.OnlyContain(m => m.BytesSent == 0 && m.BytesReceived == 0);
        var devices = provider.GetServices<CoMiGSDevice>().ToList();
        Values(devices[0], ParameterRole.Generalist).Should().NotEqual(Values(devices[1], ParameterRole.Generalist));
    }

    [Fact]
    public void Everything_wrong_with_a_device_is_listed_at_once()
    {
        var services = new ServiceCollection();
        services.AddCoMiGS().AddDevice("anna", d => d
            .UseExperts(e => e.Rank(0))
            .UseRouter(r => r.TopK(5))
            .UseBilevelTraining(t => t.LearningRate = -1));
        using var provider = services.BuildServiceProvider();

        provider.Invoking(p => p.GetRequiredService<CoMiGSDevice>()).Should().Throw<OptionsValidationException>().Which.Failures.Should().SatisfyRespectively(
            f => f.Should().Contain("Device 'anna' has no model. Call UseModel."),
            f => f.Should().Contain("Device 'anna' has no data. Call UseData."),
            f => f.Should().Contain("Rank is 0"),
            f => f.Should().Contain("TopK is 5, but the block has 2 experts"),
            f => f.Should().Contain("LearningRate is -1"));
    }

    [Fact]
    public void Options_are_checked_at_start_up_before_any_device_is_made()
    {
        var services = new ServiceCollection();
        services.AddCoMiGS().AddDevice("anna", d => Device(d, 1).UseExperts(e => e.Rank(0))).AddCoordinator(c => c.UseRounds(r => r.Count = 0));
        using var provider = services.BuildServiceProvider();

        var act = () => provider.GetRequiredService<IStartupValidator>().Validate();

        act.Should().Throw<AggregateException>().Which.InnerExceptions.Select(e => e.Message).Should().Contain(m => m.Contains("Rank is 0")).And.Contain(m => m.Contains("Count is 0"));
    }

    [Fact]
    public void A_device_without_generalists_that_would_share_them_is_refused()
    {
        var services = new ServiceCollection();
        services.AddCoMiGS().AddDevice("anna", d => Device(d, 2).UseExperts(e => e.Generalists(0)));
        using var provider = services.BuildServiceProvider();

        provider.Invoking(p => p.GetRequiredService<CoMiGSDevice>()).Should().Throw<OptionsValidationException>().WithMessage("*'anna' has no generalists, but shares them*SharedRoles.None*");
    }

    [Fact]
    public void A_device_needs_no_transport_to_train_alone_and_says_so_when_it_is_missing()
    {
        var services = new ServiceCollection();
        services.AddCoMiGS().AddDevice(d => d.UseModel(_ => Tiny.Gpt()).UseData(_ => Tiny.Data()).UseBilevelTraining(t => (t.Window, t.BatchSize) = (Tiny.Window, 2)));
        using var provider = services.BuildServiceProvider();
        var device = provider.GetRequiredService<CoMiGSDevice>();

        device.Trainer.Train(2).Steps.Should().Be(2);
        device.Invoking(d => d.RunAsync()).Should().ThrowAsync<InvalidOperationException>().WithMessage("*'device' has no transport*UseTransport*");
    }

    [Fact]
    public void A_name_is_given_once()
    {
        var builder = new ServiceCollection().AddCoMiGS().AddDevice("anna", d => Device(d, 1));

        builder.Invoking(b => b.AddDevice("anna", d => Device(d, 1))).Should().Throw<ArgumentException>().WithMessage("*'anna' already*");
    }

    [Fact]
    public async Task A_device_that_fails_stops_the_others_and_its_error_is_the_one_that_is_seen()
    {
        var services = new ServiceCollection();
        services.AddCoMiGS()
            .AddDevice("anna", d => Device(d, 1))
            .AddDevice("ben", d => Device(d, 1).UseModel(_ => NaN()))
            .AddCoordinator(c => c.UseRounds(r => (r.Count, r.LocalSteps) = (2, 2)).UseTransport(t => t.InMemory()));
        using var provider = services.BuildServiceProvider();

        var act = () => provider.GetRequiredService<InProcessFederation>().RunAsync();

        // Ben's base differs from Anna's, so whoever comes second is turned away.
        await act.Should().ThrowAsync<FederationException>();

        static CoMiGS.Models.Gpt NaN()
        {
            var model = Tiny.Gpt();
            using var noGrad = no_grad();
            model.parameters().First().fill_(float.NaN);
            return model;
        }
    }

    [Fact]
    public async Task Cancelling_in_the_middle_of_a_round_ends_the_run_and_leaves_whole_parameters()
    {
        using var stop = new CancellationTokenSource();
        var services = new ServiceCollection();
        services.AddCoMiGS()
            .AddDevice("anna", d => Device(d, 1).OnStep(new StopAt(stop, 3)))
            .AddCoordinator(c => c.UseRounds(r => (r.Count, r.LocalSteps) = (5, 10)).UseTransport(t => t.InMemory()));
        using var provider = services.BuildServiceProvider();

        var act = () => provider.GetRequiredService<InProcessFederation>().RunAsync(stop.Token);

        await act.Should().ThrowAsync<OperationCanceledException>();
        var device = provider.GetRequiredService<CoMiGSDevice>();
        device.Trainer.Step.Should().Be(3);
        device.Model.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray()).Should().OnlyContain(v => float.IsFinite(v));
    }

    [Fact]
    public async Task Adapters_are_saved_as_they_are_at_the_end_and_named_when_training_goes_wrong_later()
    {
        var folder = Directory.CreateTempSubdirectory("comigs");
        try
        {
            var adapters = Path.Combine(folder.FullName, "anna");
            var services = new ServiceCollection();
            services.AddCoMiGS()
                .AddDevice("anna", d => Device(d, 1).SaveAdapters(adapters))
                .AddDevice("ben", d => Device(d, 1))
                .AddCoordinator(c => c.UseRounds(r => (r.Count, r.LocalSteps) = (2, 2)).UseTransport(t => t.InMemory()));
            using var provider = services.BuildServiceProvider();
            await provider.GetRequiredService<InProcessFederation>().RunAsync();
            var anna = provider.GetRequiredKeyedService<CoMiGSDevice>("anna");
            using var loaded = Tiny.Gpt().AddExperts(new ExpertOptions { Rank = 2, AttentionRank = 2, Seed = 77 });

            loaded.Load(adapters);

            loaded.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray())
                .Should().Equal(anna.Model.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray()));
            using (no_grad())
            {
                anna.Model.Model.parameters().First().fill_(float.NaN);
            }

            anna.Trainer.Invoking(t => t.ExpertStep()).Should().Throw<NonFiniteLossException>().WithMessage($"*'anna'*step 4*{adapters}*");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_run_starts_from_the_shared_parameters_another_run_ended_with()
    {
        using var first = Federation(rounds: 1, ("anna", 1), ("ben", 1));
        await first.GetRequiredService<InProcessFederation>().RunAsync();
        var ended = first.GetRequiredService<Coordinator>().Shared;
        var services = new ServiceCollection();
        services.AddCoMiGS()
            .AddDevice("cleo", d => Device(d, 2))
            .AddCoordinator(c => c.StartFrom(_ => ended).UseRounds(r => (r.Count, r.LocalSteps) = (1, 1)).UseTransport(t => t.InMemory()));
        using var second = services.BuildServiceProvider();
        var cleo = second.GetRequiredService<CoMiGSDevice>();
        Shared(cleo).Should().NotEqual(Shared(first.GetRequiredKeyedService<CoMiGSDevice>("anna")));

        await second.GetRequiredService<InProcessFederation>().RunAsync();

        // One round of one step at a rate of 2e-3 from there: close to the start, and far from a start from the seed.
        Shared(cleo).Zip(Shared(first.GetRequiredKeyedService<CoMiGSDevice>("anna"))).Max(p => Math.Abs(p.First - p.Second)).Should().BeInRange(1e-6f, 2.1e-3f);
        (await second.GetRequiredService<Coordinator>().Finished).Version.Should().Be(2);
    }

    [Fact]
    public void A_device_that_keeps_its_state_goes_on_from_it_when_it_is_composed_again()
    {
        var folder = Directory.CreateTempSubdirectory("comigs");
        try
        {
            var whole = Train(6, Path.Combine(folder.FullName, "whole"));
            var states = Path.Combine(folder.FullName, "halves");
            Train(3, states);

            Train(3, states).Should().Equal(whole);

            foreach (var file in folder.GetFiles("training.json", SearchOption.AllDirectories))
            {
                File.WriteAllText(file.FullName, "{}");
            }

            FluentActions.Invoking(() => Train(1, states)).Should().Throw<TrainingStateException>().WithMessage($"*{states}*");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static float[] Train(int steps, string states)
        {
            var services = new ServiceCollection();
            services.AddCoMiGS().AddDevice("anna", d => Device(d, 1).KeepState(states, everySteps: 1));
            using var provider = services.BuildServiceProvider();
            var device = provider.GetRequiredService<CoMiGSDevice>();
            device.Trainer.Train(steps);
            return [.. device.Model.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray())];
        }
    }

    [Fact]
    public async Task The_rate_falls_over_the_steps_of_the_run_that_a_device_joins()
    {
        var reports = new List<StepReport>();
        var services = new ServiceCollection();
        services.AddCoMiGS()
            .AddDevice("anna", d => Device(d, 1).UseBilevelTraining(t => t.LearningRate = 1e-2).OnStep(new Collect(reports)))
            .AddCoordinator(c => c.UseRounds(r => (r.Count, r.LocalSteps) = (2, 4)).UseTransport(t => t.InMemory()));
        using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<InProcessFederation>().RunAsync();

        reports.Where(r => r.Kind == StepKind.Expert).Select(r => r.LearningRate).ElementAt(4).Should().BeApproximately(5.5e-3, 1e-9); // half way between 1e-2 and 1e-3
    }

    [Fact]
    public async Task What_a_disposed_container_held_is_freed()
    {
        var before = LiveTensors.Count();
        var parameters = await Once();
        var after = Tensor.TotalCount;

        after.Should().BeLessThanOrEqualTo(before + 5 + LiveTensors.TooMany(parameters)); // rate scalars and the like are freed by the collector

        static async Task<int> Once()
        {
            await using var provider = Federation(rounds: 1, ("anna", 1), ("ben", 2));
            var federation = provider.GetRequiredService<InProcessFederation>();
            await federation.RunAsync();
            return federation.Devices.Sum(device => device.Model.Model.parameters().Count());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_device_disposes_of_its_transport_if_that_is_its_own(bool owned)
    {
        var transport = new Disposed();
        var services = new ServiceCollection();
        services.AddCoMiGS().AddDevice("anna", d => Device(d, 1).UseTransport(t => t.Use(_ => transport, owned)));

        using (var provider = services.BuildServiceProvider())
        {
            provider.GetRequiredKeyedService<CoMiGSDevice>("anna");
            transport.Times.Should().Be(0);
        }

        transport.Times.Should().Be(owned ? 1 : 0);
    }

    private static ServiceProvider Federation(int rounds, params (string Name, int Specialists)[] devices) => Federation(rounds, 1, devices);

    private static ServiceProvider Federation(int rounds, int atOnce, params (string Name, int Specialists)[] devices)
    {
        var services = new ServiceCollection();
        var builder = services.AddCoMiGS().TrainAtOnce(atOnce);
        foreach (var (name, specialists) in devices)
        {
            builder.AddDevice(name, d => Device(d, specialists));
        }

        builder.AddCoordinator(c => c
            .UseAggregation(a => a.WeightedMean())
            .UseRounds(r => (r.Count, r.LocalSteps) = (rounds, 2))
            .UseTransport(t => t.InMemory()));
        return services.BuildServiceProvider();
    }

    private static DeviceBuilder Device(DeviceBuilder device, int specialists)
    {
        var seed = device.Name[0];
        return device
            .UseModel(_ => Tiny.Gpt())
            .UseExperts(e => e.Specialists(specialists).Rank(2).AttentionRank(2).Seed(seed))
            .UseBilevelTraining(t => (t.Window, t.BatchSize, t.RouterEvery, t.RouterSteps, t.Seed) = (Tiny.Window, 2, 2, 1, seed))
            .UseData(_ => Tiny.Data(seed))
            .UseTransport(t => t.InMemory());
    }

    private static float[] Shared(CoMiGSDevice device) => [.. device.Model.SharedParameters().SelectMany(p => p.Value.detach().data<float>().ToArray())];

    private static float[] Values(CoMiGSDevice device, ParameterRole role) =>
        [.. device.Model.Parameters.Where(p => p.Role == role).SelectMany(p => p.Value.detach().data<float>().ToArray())];

    private sealed class Disposed : IDeviceTransport, IDisposable
    {
        public int Times { get; private set; }

        public void Dispose() => Times++;

        public Task<CheckInReply> CheckInAsync(CheckIn checkIn, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<TensorSet> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<UpdateReceipt> UploadAsync(ExpertUpdate update, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private sealed class StopAt(CancellationTokenSource source, long step) : IProgress<StepReport>
    {
        public void Report(StepReport value)
        {
            if (value.Step == step)
            {
                source.Cancel();
            }
        }
    }

    private sealed class Collect(List<StepReport> reports) : IProgress<StepReport>
    {
        public void Report(StepReport value) => reports.Add(value);
    }
}
