using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Training;

public sealed class TrainingStateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    private string States => Path.Combine(_folder, "states");

    public static TheoryData<string, ExpertOptions, BilevelOptions> Setups => new()
    {
        { "alternating", new(), Options() },
        { "dropout", new() { Dropout = 0.3, AttentionRank = 2 }, Options() },
        { "joint with dropout", new() { Dropout = 0.3 }, Options(o => o.RouterSchedule = RouterSchedule.Joint) },
        { "mean of experts", new() { Router = RouterKind.Mean }, Options() },
        { "experts that few tokens take", new() { Specialists = 7, TopK = 1 }, Options(o => (o.BatchSize, o.Window) = (1, 2)) },
        { "experts that learn alone, too", new() { RouteAttention = true, RouterBias = true }, Options(o => (o.GeneralistLoss, o.SpecialistLoss, o.WarmUpSteps) = (1, 1, 3)) },
        { "accumulation and a constant rate", new() { GeneralistShare = 0.9 }, Options(o => (o.AccumulationSteps, o.TotalSteps) = (2, 0)) },
    };

    [Theory]
    [MemberData(nameof(Setups))]
    public void Training_that_stops_after_any_step_and_is_resumed_ends_with_the_same_adapters(string setup, ExpertOptions experts, BilevelOptions options)
    {
        const int Steps = 7;
        var updates = 0;
        var quiet = Run(Steps, _ => updates++);

        for (var stop = 0; stop < updates; stop++)
        {
            var folder = Path.Combine(_folder, $"{stop}");
            SaveAfter(stop, folder);
            Run(Steps, resume: folder).Should().Equal(quiet, "{0}: saved after {1} of {2} updates", setup, stop, updates);
        }

        float[] Run(int steps, Action<StepReport>? onStep = null, string? resume = null)
        {
            using var moe = Tiny.Moe(experts);
            using var trainer = new BilevelTrainer(moe, Tiny.Data(), options);
            if (resume is not null)
            {
                trainer.LoadState(resume)!.Refused.Should().BeEmpty();
            }

            trainer.Train(steps - (int)trainer.Step, onStep is null ? null : new Listener(onStep));
            return Values(moe);
        }

        void SaveAfter(int stop, string folder)
        {
            using var moe = Tiny.Moe(experts);
            using var trainer = new BilevelTrainer(moe, Tiny.Data(), options);
            using var cancel = new CancellationTokenSource();
            var made = 0;
            if (stop > 0)
            {
                trainer.Invoking(t => t.Train(Steps, new Listener(_ => StopAt(++made)), cancel.Token)).Should().Throw<OperationCanceledException>();
            }

            trainer.SaveState(folder);

            void StopAt(int update)
            {
                if (update == stop)
                {
                    cancel.Cancel();
                }
            }
        }
    }

    [Fact]
    public void A_state_that_is_kept_is_saved_every_so_many_updates_of_either_kind()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options());
        trainer.KeepState(States, everySteps: 3);

        trainer.Train(2);
        Directory.Exists(States).Should().BeFalse();
        trainer.ExpertStep();
        Directory.GetDirectories(States).Should().ContainSingle();
        trainer.RouterStep();
        trainer.Train(2);

        Directory.GetDirectories(States).Select(Path.GetFileName).Order().Should().Equal("state-00000001", "state-00000002");
    }

    [Fact]
    public void A_folder_that_is_absent_or_empty_holds_nothing_to_resume()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options());

        trainer.LoadState(States).Should().BeNull();
        trainer.LoadState(_folder).Should().BeNull();
    }

    [Fact]
    public void What_a_host_notes_comes_back()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options());
        trainer.Notes["epoch"] = "three, \"quoted\"";
        var path = trainer.SaveState(States);
        trainer.Notes.Clear();
        trainer.Train(1);

        trainer.LoadState(States).Should().BeEquivalentTo(new { Path = path, Step = 0 });

        trainer.Notes.Should().Equal(new Dictionary<string, string> { ["epoch"] = "three, \"quoted\"" });
        trainer.Step.Should().Be(0);
    }

    [Fact]
    public void Random_numbers_that_a_host_draws_between_steps_change_no_training()
    {
        Trained(_ => { }).Should().Equal(Trained(_ => rand(3).Dispose()));

        static float[] Trained(Action<StepReport> between)
        {
            using var moe = Tiny.Moe(new() { Dropout = 0.3 });
            using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options());
            trainer.Train(4, new Listener(between));
            return Values(moe);
        }
    }

    [Fact]
    public void Different_seeds_drop_different_inputs()
    {
        var same = TextBytes.From(new string('a', 60)); // every crop is the same, so only dropout can differ

        Trained(1).Should().Equal(Trained(1)).And.NotEqual(Trained(2));

        float[] Trained(long seed)
        {
            using var moe = Tiny.Moe(new() { Dropout = 0.3 });
            using var trainer = new BilevelTrainer(moe, new DeviceData(same, same), Options(o => o.Seed = seed));
            trainer.Train(3);
            return Values(moe);
        }
    }

    [Fact]
    public void Saving_and_loading_leave_no_tensor_behind()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options());
        trainer.Train(4);
        trainer.SaveState(States);
        trainer.LoadState(States);
        var before = LiveTensors.Count();

        for (var i = 0; i < 5; i++)
        {
            trainer.SaveState(States);
            trainer.LoadState(States);
        }

        Tensor.TotalCount.Should().BeLessThanOrEqualTo(before);
    }

    [Fact]
    public void Options_that_came_later_are_named_only_where_they_change_something()
    {
        Saved(new(), new()).Should().NotContainAny("mixture_loss", "generalist_loss", "specialist_loss", "warm_up_steps", "router_bias", "routes_attention", "router_rate_falls");
        Saved(new() { RouterBias = true, RouteAttention = true }, new() { MixtureLoss = 0.5, GeneralistLoss = 1, SpecialistLoss = 1, WarmUpSteps = 2, RouterRateFalls = true })
            .Should().ContainAll("mixture_loss", "generalist_loss", "specialist_loss", "warm_up_steps", "router_bias", "routes_attention", "router_rate_falls");

        string Saved(ExpertOptions experts, BilevelOptions options)
        {
            using var moe = Tiny.Moe(experts);
            options.Window = Tiny.Window;
            using var trainer = new BilevelTrainer(moe, Tiny.Data(), options);
            return File.ReadAllText(Path.Combine(trainer.SaveState(Path.Combine(_folder, Guid.NewGuid().ToString("N"))), "training.json"));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static BilevelOptions Options(Action<BilevelOptions>? change = null)
    {
        var options = new BilevelOptions { LearningRate = 1e-2, TotalSteps = 9, BatchSize = 2, Window = Tiny.Window, RouterEvery = 3, RouterSteps = 2 };
        change?.Invoke(options);
        return options;
    }

    private static float[] Values(MoeModel moe) => [.. moe.Parameters.SelectMany(p => p.Value.detach().data<float>().ToArray())];

    private sealed class Listener(Action<StepReport> hear) : IProgress<StepReport>
    {
        public void Report(StepReport value) => hear(value);
    }
}
