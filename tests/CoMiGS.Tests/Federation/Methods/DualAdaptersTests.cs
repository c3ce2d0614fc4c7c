using CoMiGS.Experts;
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

/// <summary>The device's side of FDLoRA; adapters have rank 4 as far as the wire is concerned, and 8 in the model.</summary>
public sealed class DualAdaptersTests : IDisposable
{
    private const int Half = 4;
    private static readonly ExpertOptions Whole = new() { Specialists = 0, Rank = 2 * Half, AttentionRank = 2 * Half, Alpha = 16, Scaling = LoraScaling.Classic };

    private readonly MoeModel _model = Tiny.Moe(Whole);
    private readonly BilevelTrainer _trainer;
    private readonly List<double> _losses = [];

    public DualAdaptersTests() => _trainer = new BilevelTrainer(_model, Tiny.Data(), new BilevelOptions { Window = Tiny.Window, BatchSize = 2 });

    public void Dispose()
    {
        _trainer.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void It_shares_half_of_every_rank()
    {
        var dual = Dual();

        dual.SharedParameters.Should().HaveCount(_model.Parameters.Count);
        dual.SharedParameters[0].Shape.Should().Equal(Half, 16);
        dual.SharedParameters[1].Shape.Should().Equal(3 * 16, Half);
        dual.Export().Specs.Should().Equal(dual.SharedParameters);
        dual.Abilities.Should().Contain("fdlora");
    }

    [Fact]
    public void Only_the_first_half_is_trained_and_the_second_stays_zero()
    {
        var dual = Dual();

        Round(dual, 1, null);
        Round(dual, 2, Random(dual, 1));

        Seconds().Should().OnlyContain(value => value == 0);
        dual.Export().Zip(Random(dual, 1)).Should().AllSatisfy(pair => pair.First.AsFloats().ToArray().Should().NotEqual(pair.Second.AsFloats().ToArray()));
    }

    [Fact]
    public void The_first_round_trains_the_personal_adapter_and_later_ones_leave_it_alone_until_it_is_due()
    {
        var dual = Dual(new() { SyncEvery = 2 });
        dual.Personal.Should().BeNull();

        var kept = Enumerable.Range(1, 5).Select(round =>
        {
            Round(dual, round, round == 1 ? null : Random(dual, round));
            return (Trained: Bits(dual.Export()), Personal: Bits(dual.Personal!));
        }).ToList();

        kept[0].Personal.Should().Be(kept[0].Trained, "the first round is the personal one's");
        kept[1].Personal.Should().Be(kept[0].Personal);
        kept[2].Personal.Should().Be(kept[2].Trained, "two rounds of the global one have passed");
        kept[3].Personal.Should().Be(kept[2].Personal);
        kept[4].Personal.Should().Be(kept[4].Trained);
    }

    [Fact]
    public void A_device_that_joins_later_begins_with_the_global_adapter_for_its_personal_one()
    {
        var dual = Dual();

        Round(dual, 3, Random(dual, 3));

        Bits(dual.Personal!).Should().Be(Bits(Random(dual, 3)));
    }

    [Fact]
    public void The_fused_model_computes_W_plus_both_weighted_products_and_nothing_between_them()
    {
        using var scope = NewDisposeScope();
        var dual = Dual();
        var (global, personal) = (Random(dual, 1), Random(dual, 2));
        Round(dual, 2, personal, steps: 0); // joins now, so this is its personal one

        dual.Import(global);

        var (w1, w2) = dual.Weights!.Value;
        Math.Abs(w1 * w2).Should().BeGreaterThan(0.01, "both are in it");
        using var plain = Tiny.Gpt();
        Merge(plain, global, w1);
        Merge(plain, personal, w2);
        var tokens = tensor(Enumerable.Range(0, 32).Select(i => (long)(i * 7 % 256)).ToArray(), [2, 16]);
        using var noGrad = no_grad();
        var (fused, expected) = (_model.Model.call(tokens), plain.call(tokens));
        (fused - expected).abs().max().ToDouble().Should().BeLessThan(1e-4 * expected.abs().max().ToDouble());
    }

    [Fact]
    public void Fusing_spends_its_budget_and_is_never_worse_than_either_adapter_alone()
    {
        var dual = Dual(new() { Budget = 12, WeightPenalty = 0.1 });
        Round(dual, 1, null, steps: 3);

        dual.Import(Random(dual, 5));

        _losses.Should().HaveCount(12);
        var (w1, w2) = dual.Weights!.Value;
        var score = Measure() + (0.1 * (Math.Abs(w1) + Math.Abs(w2)) / 2);
        score.Should().BeLessThanOrEqualTo(_losses[0] + 0.05).And.BeLessThanOrEqualTo(_losses[1] + 0.05, "the weights 1, 0 and 0, 1 are tried first");
        new[] { w1, w2 }.Should().OnlyContain(weight => Math.Abs(weight) <= 1.5);
    }

    [Fact]
    public void A_device_that_left_its_last_round_still_fuses_when_it_comes_back_after_the_end()
    {
        var dual = Dual();
        Round(dual, 1, null);
        dual.Invoking(d => Round(d, 2, Random(d, 2), cancellation: new CancellationToken(canceled: true))).Should().Throw<OperationCanceledException>();

        dual.Import(Random(dual, 3));

        dual.Weights.Should().NotBeNull();
    }

    [Fact]
    public void After_a_fusion_the_next_round_trains_the_global_adapter_again()
    {
        var dual = Dual();
        Round(dual, 1, null);
        dual.Import(Random(dual, 1));
        Seconds().Should().Contain(value => value != 0);

        Round(dual, 2, Random(dual, 2), steps: 0);

        Seconds().Should().OnlyContain(value => value == 0);
        Bits(dual.Export()).Should().Be(Bits(Random(dual, 2)));
    }

    [Fact]
    public void Tensors_of_other_shapes_change_nothing()
    {
        var dual = Dual();
        Round(dual, 1, null);
        var before = Bits(dual.Export());

        dual.Invoking(d => d.Import(new TensorSet(Random(d, 1).Skip(1)))).Should().Throw<ArgumentException>();

        Bits(dual.Export()).Should().Be(before);
    }

    [Fact]
    public void Whatever_cannot_be_divided_is_listed()
    {
        using var model = Tiny.Moe(new ExpertOptions { Rank = 3, AttentionRank = 4 });
        using var trainer = new BilevelTrainer(model, Tiny.Data(), new BilevelOptions { Window = Tiny.Window });

        FluentActions.Invoking(() => new DualAdapters(new MoeLocalTraining(model, trainer, 10), model, trainer, () => 0)).Should().Throw<ArgumentException>()
            .WithMessage("*tensors that it does not share*Specialists(0)*has rank 3, which is odd*");
    }

    [Fact]
    public void All_broken_options_are_listed() =>
        FluentActions.Invoking(() => Dual(new() { SyncEvery = 0, Budget = 0, LargestWeight = 0.5 })).Should().Throw<ArgumentException>()
            .WithMessage("*SyncEvery is 0*Budget is 0*LargestWeight is 0.5*");

    private DualAdapters Dual(DualAdapterOptions? options = null) => new(
        new MoeLocalTraining(_model, _trainer, 10),
        _model,
        _trainer,
        () =>
        {
            _losses.Add(Measure());
            return _losses[^1];
        },
        options);

    private double Measure() => Evaluation.Run(_model.Model, Tiny.Data().Valid, Tiny.Window).Loss;

    private static void Round(DualAdapters dual, int round, TensorSet? download, int steps = 2, CancellationToken cancellation = default)
    {
        var plan = new RoundPlan("run", round, 9, round - 1, 42, steps, dual.SharedParameters, "base", null);
        dual.GoesOn(plan);
        dual.StartsFrom(plan, download);
        if (download is null)
        {
            dual.InitialiseShared(42);
        }
        else
        {
            dual.Import(download);
        }

        dual.Train(steps, 9 * steps, cancellation);
    }

    private static TensorSet Random(DualAdapters dual, long seed) => new(dual.SharedParameters.Select(spec => NamedTensor.FromFloats(
        spec.Name, spec.Shape.AsSpan(), ParameterInit.Normal(0.1).Draw(spec.ElementCount, new Seed(seed).For(spec.Name)))));

    /// <summary>Adds w s B A to the weights of a model, with an ordinary adapter of half the rank and half the alpha, which has the same s.</summary>
    private static void Merge(nn.Module<Tensor, Tensor> model, TensorSet adapter, double weight)
    {
        var moe = model.AddExperts(new ExpertOptions { Specialists = 0, Rank = Half, AttentionRank = Half, Alpha = 8, Scaling = LoraScaling.Classic });
        using (no_grad())
        {
            foreach (var parameter in moe.Parameters)
            {
                var values = tensor(adapter[parameter.Name].AsFloats().ToArray(), parameter.Value.shape);
                parameter.Value.copy_(parameter.Factor == LoraFactor.B ? values * weight : values);
            }
        }

        moe.MergeIntoBase();
    }

    private float[] Seconds()
    {
        using var scope = NewDisposeScope();
        return [.. _model.Parameters.SelectMany(p => p.Value.detach().narrow(p.Factor == LoraFactor.A ? 0 : 1, Half, Half).contiguous().data<float>().ToArray())];
    }

    private static string Bits(TensorSet tensors) => string.Concat(tensors.Select(tensor => Convert.ToHexString(tensor.Data.Span)));
}
