using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Training;

/// <summary>The head and the loss together, against logits and cross-entropy.</summary>
public sealed class LanguageModelLossTests
{
    private static readonly Gen<Case> Cases =
        from tokens in Gen.Choose(1, 40)
        from vocabulary in Gen.Elements(1, 2, 15, 16, 17, 255, 1024, 1031, 5003)
        from ignored in Gen.Elements(0.0, 0.3)
        from mean in Gen.Elements(true, false)
        from trained in Gen.Elements(Trained.Hidden, Trained.Head, Trained.Both)
        from type in Gen.Elements(ScalarType.Float32, ScalarType.Float64)
        from seed in Gen.Choose(1, 1_000_000)
        select new Case(tokens, vocabulary, ignored, mean, trained, type, seed);

    private enum Trained
    {
        Hidden,
        Head,
        Both,
    }

    [Fact]
    public void Loss_and_gradients_are_those_of_the_logits() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(Cases.ToArbitrary(), Agrees));

    [Theory]
    [InlineData(700, 20_011, ScalarType.Float32)]
    [InlineData(150, 50_021, ScalarType.Float64)]
    public void So_they_are_where_the_tokens_do_not_fit_at_once(int tokens, int vocabulary, ScalarType type) =>
        Agrees(new Case(tokens, vocabulary, Ignored: 0.1, Mean: true, Trained.Both, type, Seed: 5));

    [Fact]
    public void In_bfloat16_they_are_as_close_as_the_type_allows()
    {
        using var scope = NewDisposeScope();
        using var model = new Case(30, 500, 0, true, Trained.Hidden, ScalarType.Float32, 3).Model();
        var targets = randint(500, new[] { 5L, 6L }, ScalarType.Int64);
        var exact = Gradients(model, targets, mean: true, fused: false);
        model.to(ScalarType.BFloat16);
        var composed = Gradients(model, targets, mean: true, fused: false);
        var fused = Gradients(model, targets, mean: true, fused: true);

        fused[0].dtype.Should().Be(ScalarType.Float32);
        fused[1].dtype.Should().Be(ScalarType.BFloat16);
        Distance(fused[0], exact[0]).Should().BeLessThan(2e-3);
        Distance(fused[1], exact[1]).Should().BeLessThan(1.5 * Distance(composed[1], exact[1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_whole_model_learns_the_same_from_both_also_through_tied_embeddings(bool llama)
    {
        using var scope = NewDisposeScope();
        using var model = llama ? (LanguageModel)new Llama(new LlamaOptions { VocabularySize = 61, BlockSize = 16, Layers = 1, Heads = 2, Width = 8, HiddenWidth = 12 }) : Tiny.Gpt();
        var ids = randint(61, new[] { 2L, 9L }, ScalarType.Int64);
        var (inputs, targets) = (ids.narrow(1, 0, 8), ids.narrow(1, 1, 8));

        LanguageModelLoss.Mean(model.call(inputs), targets).backward();
        var wanted = model.parameters().Select(p => p.grad!.clone()).ToList();
        model.zero_grad();
        LanguageModelLoss.Mean(model, inputs, targets).backward();

        foreach (var (gradient, other) in model.parameters().Select(p => p.grad!).Zip(wanted))
        {
            Distance(gradient, other).Should().BeLessThan(1e-5);
        }
    }

    [Fact]
    public void Adapters_beside_the_head_take_part()
    {
        using var scope = NewDisposeScope();
        var llama = new Llama(new LlamaOptions { VocabularySize = 61, BlockSize = 16, Layers = 1, Heads = 2, Width = 8, HiddenWidth = 12, TiedHead = false });
        var ids = randint(61, new[] { 2L, 8L }, ScalarType.Int64);
        using var moe = llama.AddExperts(new ExpertOptions { TargetModules = ["lm_head"] });
        foreach (var parameter in moe.ExpertParameters())
        {
            using var noGrad = no_grad();
            parameter.copy_(randn_like(parameter));
        }

        LanguageModelLoss.Sum(llama, ids, ids).ToDouble().Should().Be(LanguageModelLoss.Sum(llama.call(ids), ids).ToDouble());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(256)]
    public void A_target_outside_the_vocabulary_is_refused(long target)
    {
        using var scope = NewDisposeScope();
        using var gpt = Tiny.Gpt();
        var inputs = zeros([1, 4], ScalarType.Int64);
        var act = () => LanguageModelLoss.Mean(gpt, inputs, full([1, 4], target, ScalarType.Int64));

        act.Should().Throw<ArgumentException>().WithMessage($"A target is {target}, but this model predicts the ids 0 to 255. Use ids of its vocabulary, or -100 *");
    }

#if TORCH_SYSTEM
    // In TorchSharp the exception crosses native frames and ends the process.
    [Fact]
    public void A_second_derivative_is_refused_rather_than_wrong()
    {
        using var scope = NewDisposeScope();
        using var gpt = Tiny.Gpt();
        var ids = zeros([1, 4], ScalarType.Int64);
        var loss = LanguageModelLoss.Mean(gpt, ids, ids);

        FluentActions.Invoking(() => autograd.grad([loss], [gpt.HeadWeight], create_graph: true)).Should().Throw<Exception>().WithMessage("*no second derivative*");
    }
#endif

    [Fact]
    public void Without_gradients_nothing_is_kept()
    {
        using var model = new Case(40, 300, 0, true, Trained.Both, ScalarType.Float32, 3).Model();
        using var targets = zeros([5, 8], ScalarType.Int64);
        var before = LiveTensors.Count();
        using (no_grad())
        {
            using var loss = LanguageModelLoss.Mean(model, targets, targets);
            loss.requires_grad.Should().BeFalse();
        }

        LiveTensors.Count().Should().Be(before);
    }

    private static void Agrees(Case sample)
    {
        using var scope = NewDisposeScope();
        using var model = sample.Model();
        var targets = sample.Targets();
        var composed = Gradients(model, targets, sample.Mean, fused: false);
        var fused = Gradients(model, targets, sample.Mean, fused: true);
        if (targets.ne(-100).sum().item<long>() == 0 && sample.Mean)
        {
            double.IsNaN(fused[0].ToDouble()).Should().Be(double.IsNaN(composed[0].ToDouble()), "{0}", sample);
            return;
        }

        var tolerance = sample.Type == ScalarType.Float64 ? 1e-10 : 1e-5;
        model.to(ScalarType.Float64);
        var exact = Gradients(model, targets, sample.Mean, fused: false); // in float32 the logits' own loss is off where it is nearly zero
        composed.Count.Should().Be(fused.Count);
        foreach (var ((wanted, got), truth) in composed.Zip(fused).Zip(exact))
        {
            got.dtype.Should().Be(wanted.dtype);
            Distance(got, truth).Should().BeLessThanOrEqualTo(Math.Max(tolerance, Distance(wanted, truth)), "{0}", sample);
        }
    }

    /// <summary>The loss, and the gradients of what is trained.</summary>
    private static List<Tensor> Gradients(HeadOnly model, Tensor targets, bool mean, bool fused)
    {
        model.zero_grad();
        var inputs = zeros_like(targets);
        var loss = (mean, fused) switch
        {
            (true, true) => LanguageModelLoss.Mean(model, inputs, targets),
            (true, false) => LanguageModelLoss.Mean(model.call(inputs), targets),
            (false, true) => LanguageModelLoss.Sum(model, inputs, targets),
            _ => LanguageModelLoss.Sum(model.call(inputs), targets),
        };
        (loss * 3).backward();
        return [loss.detach(), .. model.parameters().Where(p => p.requires_grad).Select(p => p.grad!.clone())];
    }

    private static double Distance(Tensor got, Tensor wanted)
    {
        var (a, b) = (got.to(ScalarType.Float64), wanted.to(ScalarType.Float64));
        return ((a - b).abs().max() / b.abs().max().clamp_min(1e-3)).ToDouble();
    }

    private sealed record Case(int Tokens, int Vocabulary, double Ignored, bool Mean, Trained Trained, ScalarType Type, int Seed)
    {
        private const int Width = 6;

        public HeadOnly Model()
        {
            manual_seed(Seed);
            var model = new HeadOnly(randn(Tokens, Width, dtype: Type), randn(Vocabulary, Width, dtype: Type));
            model.States.requires_grad = Trained != Trained.Head;
            model.Head.requires_grad = Trained != Trained.Hidden;
            return model;
        }

        public Tensor Targets() => randint(Vocabulary, new[] { 1L, Tokens }, ScalarType.Int64).masked_fill(rand(1, Tokens).lt(Ignored), -100L);
    }

    /// <summary>A model whose hidden states are parameters.</summary>
    private sealed class HeadOnly : nn.Module<Tensor, Tensor>, ILinearHead
    {
        private readonly Parameter states;
        private readonly Parameter head;

        public HeadOnly(Tensor states, Tensor head)
            : base(nameof(HeadOnly))
        {
            (this.states, this.head) = (new Parameter(states), new Parameter(head));
            RegisterComponents();
        }

        public Parameter States => (Parameter)get_parameter(nameof(states))!;

        public Parameter Head => (Parameter)get_parameter(nameof(head))!;

        public Tensor HeadWeight => Head;

        public Tensor HiddenStates(Tensor input) => States.reshape(input.shape[0], input.shape[1], -1);

        public override Tensor forward(Tensor input) => nn.functional.linear(HiddenStates(input), HeadWeight);
    }
}
