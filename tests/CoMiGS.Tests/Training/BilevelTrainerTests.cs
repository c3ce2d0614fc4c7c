using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Training;

public sealed class BilevelTrainerTests
{
    private static readonly BilevelOptions Quick = new() { LearningRate = 1e-2, BatchSize = 4, Window = Tiny.Window, RouterEvery = 3, RouterSteps = 2 };

    [Fact]
    public void An_expert_step_moves_every_adapter_and_no_router()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Quick);
        trainer.ExpertStep(); // the first step moves B only: A's gradient is zero while B is
        var before = Snapshot(moe);

        trainer.ExpertStep();

        Changed(moe, before).Should().Equal(moe.Parameters.Select(p => p.Role != ParameterRole.Router));
    }

    [Fact]
    public void A_router_step_moves_every_router_and_no_adapter()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Quick);
        trainer.Train(2);
        var before = Snapshot(moe);

        trainer.RouterStep();

        Changed(moe, before).Should().Equal(moe.Parameters.Select(p => p.Role == ParameterRole.Router));
    }

    [Fact]
    public void No_gradient_leaks_from_one_side_into_the_other()
    {
        using var scope = NewDisposeScope();
        using var moe = Tiny.Moe(new ExpertOptions { GeneralistShare = 0.9 });
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Quick);
        trainer.Train(2);
        trainer.RouterStep();
        var routers = Gradients(moe, router: true);
        var experts = Gradients(moe, router: false);

        trainer.ExpertStep();
        Gradients(moe, router: true).Should().Equal(routers);
        Gradients(moe, router: false).Should().NotEqual(experts);

        experts = Gradients(moe, router: false);
        trainer.RouterStep();
        Gradients(moe, router: false).Should().Equal(experts);
        Gradients(moe, router: true).Should().NotEqual(routers);
    }

    [Fact]
    public void A_router_step_uses_the_gradient_of_its_own_batch_only()
    {
        var direct = RouterAfter(expertStepsBefore: 0);
        var later = RouterAfter(expertStepsBefore: 2);

        // With a learning rate of almost zero the experts stand still, so both routers see the same model and the same validation batch.
        later.Zip(direct).Max(p => Math.Abs(p.First - p.Second)).Should().BeLessThan(1e-6f);

        static float[] RouterAfter(int expertStepsBefore)
        {
            using var moe = Tiny.Moe(new ExpertOptions { GeneralistShare = 0.9 });
            using var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { LearningRate = 1e-12, RouterLearningRate = 1e-2, BatchSize = 4, Window = Tiny.Window, WeightDecay = 0 });
            trainer.Train(expertStepsBefore);
            trainer.RouterStep();
            return [.. moe.RouterParameters().SelectMany(p => p.detach().data<float>().ToArray())];
        }
    }

    [Fact]
    public void Router_phases_follow_the_count_of_steps_over_the_whole_run()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Quick);

        var first = trainer.Train(2);
        var second = trainer.Train(2);
        var third = trainer.Train(5);

        (first.RouterSteps, second.RouterSteps, third.RouterSteps).Should().Be((0, 2, 4));
        trainer.Step.Should().Be(9);
    }

    [Theory]
    [InlineData(RouterSchedule.Alternating)]
    [InlineData(RouterSchedule.EachRound)]
    public void The_routers_rate_is_constant_unless_it_is_to_fall_and_then_falls_as_that_of_the_experts(RouterSchedule schedule)
    {
        const int horizon = 8;
        Rates(falls: false).Should().AllBeEquivalentTo(1e-3);

        // After t of T steps the experts' rate is m + (p - m) (1 + cos(pi t / T)) / 2, with m = p / 10; the router's is the same part of its own peak.
        int[] steps = schedule == RouterSchedule.Alternating ? [3, 3, 6, 6] : [0, 0, 4, 4];
        Rates(falls: true).Zip(steps, (rate, t) => rate - (1e-3 * (0.1 + (0.45 * (1 + Math.Cos(Math.PI * t / horizon)))))).Should().AllSatisfy(difference => Math.Abs(difference).Should().BeLessThan(1e-12));

        List<double> Rates(bool falls)
        {
            using var moe = Tiny.Moe();
            using var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { LearningRate = 1e-2, RouterLearningRate = 1e-3, RouterRateFalls = falls, TotalSteps = horizon, RouterSchedule = schedule, RouterEvery = 3, RouterSteps = 2, BatchSize = 2, Window = Tiny.Window });
            var reports = new List<StepReport>();
            for (var round = 0; round < 2; round++)
            {
                trainer.BeginRound();
                trainer.Train(horizon / 2, new SynchronousProgress(reports));
            }

            return [.. reports.Where(report => report.Kind == StepKind.Router).Select(report => report.LearningRate)];
        }
    }

    [Fact]
    public void Training_lowers_the_loss_on_text_never_seen()
    {
        using var moe = Tiny.Moe();
        using (no_grad())
        {
            moe.Model.get_parameter("wte.weight")!.mul_(20); // a frozen head of tiny weights could not tell tokens apart
        }

        var data = Tiny.Data();
        var before = Evaluation.Run(moe.Model, data.Test!, Tiny.Window).Perplexity;
        using var trainer = new BilevelTrainer(moe, data, Quick);

        trainer.Train(60);

        Evaluation.Run(moe.Model, data.Test!, Tiny.Window).Perplexity.Should().BeLessThan(before / 2);
    }

    [Fact]
    public void The_same_seed_gives_the_same_adapters_bit_for_bit()
    {
        Trained(seed: 1).Should().Equal(Trained(seed: 1)).And.NotEqual(Trained(seed: 2));

        static float[] Trained(long seed)
        {
            using var moe = Tiny.Moe();
            using var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { BatchSize = 2, Window = Tiny.Window, Seed = seed, RouterEvery = 2, RouterSteps = 1 });
            trainer.Train(4);
            return Snapshot(moe).SelectMany(v => v).ToArray();
        }
    }

    [Fact]
    public void Accumulating_two_batches_equals_one_of_twice_the_size()
    {
        var halves = Step(new() { BatchSize = 2, AccumulationSteps = 2, Window = Tiny.Window });
        var whole = Step(new() { BatchSize = 4, AccumulationSteps = 1, Window = Tiny.Window });

        // The crops differ, so compare on a text in which every window is the same.
        halves.Zip(whole).Max(p => Math.Abs(p.First - p.Second)).Should().BeLessThan(1e-4f);

        static float[] Step(BilevelOptions options)
        {
            var same = TextBytes.From(new string('a', 60));
            using var moe = Tiny.Moe();
            using var trainer = new BilevelTrainer(moe, new DeviceData(same, same), options);
            trainer.Train(3);
            return Snapshot(moe).SelectMany(v => v).ToArray();
        }
    }

    [Fact]
    public void The_expert_rate_falls_along_a_cosine_to_a_tenth_and_the_router_rate_stays()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { LearningRate = 1e-2, TotalSteps = 8, BatchSize = 1, Window = Tiny.Window, RouterEvery = 4, RouterSteps = 1 });
        var reports = new List<StepReport>();

        trainer.Train(8, new SynchronousProgress(reports));

        var rates = reports.Where(r => r.Kind == StepKind.Expert).Select(r => r.LearningRate).ToList();
        for (var i = 0; i < 8; i++)
        {
            rates[i].Should().BeApproximately(1e-3 + ((1e-2 - 1e-3) * (1 + Math.Cos(Math.PI * i / 8)) / 2), 1e-12);
        }

        reports.Where(r => r.Kind == StepKind.Router).Should().HaveCount(2).And.OnlyContain(r => r.LearningRate == 1e-2);
    }

    [Fact]
    public void A_joint_schedule_trains_the_router_with_the_experts_and_has_no_phases()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { RouterSchedule = RouterSchedule.Joint, BatchSize = 2, Window = Tiny.Window, RouterEvery = 1 });
        trainer.ExpertStep();
        var before = Snapshot(moe);

        var report = trainer.Train(1);

        Changed(moe, before).Should().AllBeEquivalentTo(true);
        report.RouterSteps.Should().Be(0);
        trainer.Invoking(t => t.RouterStep()).Should().Throw<InvalidOperationException>().WithMessage("*jointly*");
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_with_device_step_and_checkpoint_named_and_updates_nothing()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Quick, device: "anna") { LastCheckpoint = "adapters/anna" };
        trainer.Train(1);
        using (no_grad())
        {
            moe.Model.parameters().First().fill_(float.NaN);
        }

        var before = Snapshot(moe);

        var act = () => trainer.ExpertStep();

        act.Should().Throw<NonFiniteLossException>().WithMessage("*'anna'*NaN*step 1*'adapters/anna'*").Which.Step.Should().Be(1);
        Changed(moe, before).Should().AllBeEquivalentTo(false);
    }

    [Fact]
    public void Cancellation_is_heard_before_every_step()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Quick);
        using var source = new CancellationTokenSource();
        var progress = new CancelAfter(source, 2);

        trainer.Invoking(t => t.Train(100, progress, source.Token)).Should().Throw<OperationCanceledException>();

        trainer.Step.Should().Be(2);
    }

    [Fact]
    public void A_split_shorter_than_a_window_is_refused_by_name()
    {
        using var moe = Tiny.Moe();
        var data = new DeviceData(TextBytes.From("too short", "train.txt"), TextBytes.From(Tiny.Text(1, 10)));

        var act = () => new BilevelTrainer(moe, data, Quick);

        act.Should().Throw<SplitTooShortException>().WithMessage("*'train.txt' has 9 tokens, but at least 17 are needed*");
    }

    [Fact]
    public void A_window_longer_than_the_block_is_refused()
    {
        using var moe = Tiny.Moe();

        var act = () => new BilevelTrainer(moe, Tiny.Data(), new() { Window = 64 });

        act.Should().Throw<ArgumentException>().WithMessage("*Window is 64, but the model reads at most 32 tokens*");
    }

    [Fact]
    public void A_trainer_whose_parameters_were_replaced_or_removed_says_so()
    {
        using var moved = Tiny.Moe();
        using var trainer = new BilevelTrainer(moved, Tiny.Data(), Quick);
        moved.Model.to(float64);
        using var bare = Tiny.Moe();
        using var other = new BilevelTrainer(bare, Tiny.Data(), Quick);
        using var model = bare.RemoveExperts();

        trainer.Invoking(t => t.ExpertStep()).Should().Throw<InvalidOperationException>().WithMessage("The parameters that this trainer was made for are gone*model.to(...)*Make a trainer afterwards.");
        other.Invoking(t => t.RouterStep()).Should().Throw<InvalidOperationException>().WithMessage("The parameters that this trainer was made for are gone*");
    }

    [Fact]
    public void Invalid_options_are_listed_together()
    {
        using var moe = Tiny.Moe();

        var act = () => new BilevelTrainer(moe, Tiny.Data(), new() { LearningRate = 0, BatchSize = 0, MinimumLearningRate = 1, Beta2 = 1 });

        act.Should().Throw<ArgumentException>().WithMessage("*LearningRate is 0*").WithMessage("*BatchSize is 0*").WithMessage("*Beta2 is 1*").WithMessage("*MinimumLearningRate is 1, but LearningRate is 0*");
    }

    [Fact]
    public void A_thousand_steps_leave_the_number_of_live_tensors_flat()
    {
        using var moe = Tiny.Moe(new ExpertOptions { Specialists = 2, GeneralistShare = 0.9, Rank = 2, AttentionRank = 2 });
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), new() { BatchSize = 1, Window = 4, RouterEvery = 10, RouterSteps = 2 });
        trainer.Train(20);
        var before = LiveTensors.Count();

        trainer.Train(1000);

        Tensor.TotalCount.Should().BeLessThanOrEqualTo(before);
    }

    private static List<float[]> Snapshot(MoeModel moe) => [.. moe.Parameters.Select(p => p.Value.detach().data<float>().ToArray())];

    private static IEnumerable<bool> Changed(MoeModel moe, List<float[]> before) => Snapshot(moe).Zip(before, (now, then) => !now.SequenceEqual(then));

    private static float[] Gradients(MoeModel moe, bool router) =>
        [.. moe.Parameters.Where(p => (p.Role == ParameterRole.Router) == router).SelectMany(p => p.Value.grad!.data<float>().ToArray())];

    private sealed class SynchronousProgress(List<StepReport> reports) : IProgress<StepReport>
    {
        public void Report(StepReport value) => reports.Add(value);
    }

    private sealed class CancelAfter(CancellationTokenSource source, int steps) : IProgress<StepReport>
    {
        private int _seen;

        public void Report(StepReport value)
        {
            if (++_seen == steps)
            {
                source.Cancel();
            }
        }
    }
}
