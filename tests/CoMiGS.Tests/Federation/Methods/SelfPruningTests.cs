using CoMiGS.Federation;
using CoMiGS.Federation.Methods;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using CoMiGS.Transport;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Federation.Methods;

public sealed class SelfPruningTests : IDisposable
{
    private const string A = "h.0.mlp.experts.0.c_fc.lora_A";
    private const string B = "h.0.mlp.experts.0.c_fc.lora_B";
    private readonly MoeModel _model = Tiny.Moe(new ExpertOptions { Rank = 8 });
    private readonly BilevelTrainer _trainer;
    private readonly SelfPruning _pruning;

    public SelfPruningTests()
    {
        _trainer = new BilevelTrainer(_model, Tiny.Data(), new BilevelOptions { Window = Tiny.Window, BatchSize = 2 });
        _pruning = new SelfPruning(new MoeLocalTraining(_model, _trainer, 10), _model, _trainer, new SelfPruningOptions { Keep = 0.5, Weight = 0.1 });
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void A_tail_that_shrank_goes_and_is_neither_sent_nor_trained_any_more()
    {
        Round(startTail: 100);

        _pruning.Ranks[A].Should().Be(4);
        var sent = _pruning.Export();
        sent[A].Spec.Shape.Should().Equal(4, 16);
        sent[B].Spec.Shape.Should().Equal(64, 4);
        sent.Specs.Should().Equal(_pruning.SharedParameters);
        _pruning.Invoking(p => p.Import(sent)).Should().NotThrow("what it sends it can download");
        _pruning.Train(3, 3, CancellationToken.None);
        Tail().Should().AllSatisfy(value => value.Should().Be(0, "momentum does not move it"));
    }

    [Theory]
    [InlineData(1, 0)] // the rank that would stay is 0, and it never goes
    [InlineData(2, 100 * 64)] // ||B[:, 1:]|| ||A[1:, :]|| of ones: sqrt(64) sqrt(64) for this adapter's widest map
    public void Nothing_presses_on_an_adapters_last_rank(int rank, double expected)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Ones("a", rank, 64), Ones("b", 64, rank));

        new TailPenalty(new Zero(), () => [(a, b, rank)], keep: 0.5, weight: 100).Compute(_model).ToDouble().Should().BeApproximately(expected, 1e-3);

        static NamedParameter Ones(string name, long rows, long columns) => new(name, ParameterRole.Generalist, new TorchSharp.Modules.Parameter(ones(rows, columns)), ParameterInit.Zeros);
    }

    [Fact]
    public void A_round_that_goes_on_after_the_decision_does_not_decide_again()
    {
        Round(startTail: 100);
        _pruning.Ranks[A].Should().Be(4);

        Round(startTail: 100); // the device was restarted, or its update did not get through: nothing is left to train

        _pruning.Ranks[A].Should().Be(4);
        Round(startTail: 100, round: 3);
        _pruning.Ranks[A].Should().Be(2, "the next round decides for itself");
    }

    [Fact]
    public void A_tail_that_grew_stays()
    {
        Round(startTail: 1e-9f);

        _pruning.Ranks.Values.Should().AllBeEquivalentTo(8);
    }

    [Fact]
    public void In_the_first_round_nothing_goes()
    {
        var plan = new RoundPlan("run", 1, 2, 0, 42, 1, _pruning.SharedParameters, "base", null);
        _pruning.GoesOn(plan);
        _pruning.StartsFrom(plan, null);
        _pruning.InitialiseShared(42);
        _pruning.Train(2, 2, CancellationToken.None);

        _pruning.Ranks.Values.Should().AllBeEquivalentTo(8);
    }

    [Fact]
    public void The_penalty_is_the_product_of_the_tails_norms_and_its_gradient_is_finite_for_a_new_adapter()
    {
        using var scope = NewDisposeScope();
        var penalty = (TailPenalty)_trainer.Penalty;
        _trainer.ExpertStep();
        var (a, b) = (_model.Parameters.Single(p => p.Name == A).Value, _model.Parameters.Single(p => p.Name == B).Value);
        var expected = a.narrow(0, 4, 4).norm().ToDouble() * b.narrow(1, 4, 4).norm().ToDouble();

        var only = new TailPenalty(new Zero(), () => [(_model.Parameters.Single(p => p.Name == A), _model.Parameters.Single(p => p.Name == B), 8)], 0.5, 2);

        only.Compute(_model).ToDouble().Should().BeApproximately(2 * expected, 1e-6);
        penalty.Should().NotBeNull();
        b.isfinite().all().ToBoolean().Should().BeTrue();
        expected.Should().BePositive();
    }

    private void Round(float startTail, int round = 2)
    {
        var start = new TensorSet(_pruning.SharedParameters.Select(spec => NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. Enumerable.Range(0, (int)spec.ElementCount).Select(_ => startTail)])));
        var plan = new RoundPlan("run", round, 3, 1, 42, 1, _pruning.SharedParameters, "base", null);
        _pruning.GoesOn(plan);
        _pruning.StartsFrom(plan, start);
        _pruning.InitialiseShared(42); // not from the start, so that tails end smaller or larger than it for sure
        _pruning.Train(2, 2, CancellationToken.None);
    }

    private float[] Tail()
    {
        using var scope = NewDisposeScope();
        return [.. _model.Parameters.Single(p => p.Name == A).Value.detach().narrow(0, 4, 4).contiguous().data<float>().ToArray()];
    }

    private sealed class Zero : ITrainingPenalty
    {
        public Tensor Compute(MoeModel model) => zeros([]);
    }
}
