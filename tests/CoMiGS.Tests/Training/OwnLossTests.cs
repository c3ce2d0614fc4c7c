using CoMiGS.Data;
using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Training;

public sealed class OwnLossTests
{
    [Fact]
    public void The_gradient_is_the_weighted_sum_of_those_of_the_mixture_and_of_each_kind_alone()
    {
        using var scope = NewDisposeScope();
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options(o => (o.MixtureLoss, o.GeneralistLoss, o.SpecialistLoss) = (0.5, 2, 3)));
        trainer.Train(3);
        using var twin = Tiny.Moe();
        using (no_grad())
        {
            foreach (var (mine, its) in twin.Parameters.Zip(moe.Parameters))
            {
                mine.Value.copy_(its.Value);
            }
        }

        var batch = NextBatch(3);
        var loss = (LanguageModelLoss.Mean(twin.Model.call(batch.Inputs), batch.Targets) * 0.5)
            + (Alone(ExpertRole.Generalist) * 2) + (Alone(ExpertRole.Specialist) * 3);
        loss.backward();
        trainer.ExpertStep();

        foreach (var (expected, actual) in twin.Parameters.Zip(moe.Parameters).Where(p => p.First.Role != ParameterRole.Router))
        {
            actual.Value.grad!.allclose(expected.Value.grad!, rtol: 1e-3, atol: 1e-6).Should().BeTrue("the gradient of {0} is the sum", expected.Name);
        }

        Tensor Alone(ExpertRole role)
        {
            using var only = twin.Only(role);
            return LanguageModelLoss.Mean(twin.Model.call(batch.Inputs), batch.Targets);
        }
    }

    [Fact]
    public void A_generalist_that_only_learns_alone_learns_what_it_would_learn_without_specialists()
    {
        using var moe = Tiny.Moe(new() { AttentionRank = 0 });
        using var single = Tiny.Moe(new() { AttentionRank = 0, Specialists = 0 });
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options(o => (o.MixtureLoss, o.GeneralistLoss, o.SpecialistLoss) = (0, 1, 1)));
        using var other = new BilevelTrainer(single, Tiny.Data(), Options());

        var report = trainer.Train(6);
        var expected = other.Train(6);

        report.Loss.Should().BeApproximately(expected.Loss, 1e-5);
        var all = moe.Parameters.ToDictionary(p => p.Name);
        foreach (var parameter in single.Parameters)
        {
            all[parameter.Name].Value.allclose(parameter.Value, rtol: 1e-3, atol: 1e-5).Should().BeTrue("{0} learns alone", parameter.Name);
        }
    }

    [Fact]
    public void Specialists_begin_as_what_the_generalists_have_become_in_the_warm_up()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options(o => (o.WarmUpSteps, o.RouterEvery) = (4, 2)));

        var warmUp = trainer.Train(4);
        var generalist = Values(moe, ParameterRole.Generalist);
        var untouched = moe.Parameters.Where(p => p.Role == ParameterRole.Specialist && p.Factor == LoraFactor.B).Sum(p => p.Value.detach().abs().sum().ToDouble());
        trainer.Train(1);

        warmUp.RouterSteps.Should().Be(0);
        untouched.Should().Be(0);
        Values(moe, ParameterRole.Specialist).Zip(generalist).Max(p => Math.Abs(p.First - p.Second)).Should().BeInRange(1e-9f, 0.05f, "one step from the copy");
        trainer.Train(1).RouterSteps.Should().Be(2, "step 6 is one after which the router learns");
    }

    [Fact]
    public void With_a_phase_in_each_round_the_router_learns_when_a_round_begins_and_only_then()
    {
        using var moe = Tiny.Moe();
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options(o => (o.RouterSchedule, o.RouterEvery) = (RouterSchedule.EachRound, 1)));

        trainer.Train(3).RouterSteps.Should().Be(0);
        trainer.BeginRound();
        trainer.Train(3).RouterSteps.Should().Be(2);
    }

    [Fact]
    public void Losses_that_nobody_could_have_are_refused()
    {
        using var shared = Tiny.Moe(new() { Specialists = 0 });
        using var own = Tiny.Moe(new() { Generalists = 0, Specialists = 2 });

        Refused(shared, o => o.SpecialistLoss = 1).WithMessage("*SpecialistLoss is 1, but the model has no specialists*");
        Refused(own, o => (o.GeneralistLoss, o.WarmUpSteps) = (1, 2)).WithMessage("*GeneralistLoss is 1, but the model has no generalists*WarmUpSteps is 2*");
        Refused(own, o => o.MixtureLoss = 0).WithMessage("*nothing is learnt*");
        Refused(own, o => (o.MixtureLoss, o.SpecialistLoss, o.RouterSchedule) = (0, 1, RouterSchedule.Joint)).WithMessage("*MixtureLoss is 0, but RouterSchedule is Joint*");
        Refused(own, o => o.SpecialistLoss = -1).WithMessage("*SpecialistLoss is -1*");

        static FluentAssertions.Specialized.ExceptionAssertions<ArgumentException> Refused(MoeModel moe, Action<BilevelOptions> change) =>
            FluentActions.Invoking(() => new BilevelTrainer(moe, Tiny.Data(), Options(change)).Dispose()).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_balance_loss_looks_at_the_mixture_alone_and_no_tensor_is_left_behind()
    {
        using var moe = Tiny.Moe(new() { GeneralistShare = 0.9 });
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), Options(o => (o.GeneralistLoss, o.SpecialistLoss) = (1, 1)));
        trainer.Train(4);
        var before = LiveTensors.Count();

        var report = trainer.ExpertStep();

        report.Penalty.Should().BePositive();
        moe.Blocks.Should().OnlyContain(b => b.LastRouting == null);
        LiveTensors.Count().Should().BeLessThanOrEqualTo(before);
    }

    private static BilevelOptions Options(Action<BilevelOptions>? change = null)
    {
        var options = new BilevelOptions { LearningRate = 1e-2, BatchSize = 4, Window = Tiny.Window, RouterEvery = 100, RouterSteps = 2 };
        change?.Invoke(options);
        return options;
    }

    private static TokenBatch NextBatch(int cursor)
    {
        var crops = new RandomCrops(Tiny.Data().Train, 4, Tiny.Window, new Seed(Options().Seed).For("train")) { Cursor = cursor };
        return crops.NextBatch();
    }

    private static float[] Values(MoeModel moe, ParameterRole role) =>
        [.. moe.Parameters.Where(p => p.Role == role).SelectMany(p => p.Value.detach().data<float>().ToArray())];
}
