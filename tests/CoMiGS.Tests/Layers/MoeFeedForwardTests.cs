using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using CoMiGS.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Layers;

public sealed class MoeFeedForwardTests
{
    private const int Width = 6;
    private const int Hidden = 10;
    private const int Tokens = 9;

    public static TheoryData<bool, int, int> Shapes()
    {
        var shapes = new TheoryData<bool, int, int>();
        foreach (var gated in new[] { false, true })
        {
            foreach (var (n, k) in new[] { (1, 1), (2, 1), (2, 2), (4, 1), (4, 2), (4, 3), (4, 4), (7, 2) })
            {
                shapes.Add(gated, n, k);
            }
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Output_equals_the_weighted_sum_of_complete_experts(bool gated, int experts, int topK)
    {
        using var scope = NewDisposeScope();
        var (block, frozen) = Block(gated, experts, topK);
        var x = randn([Tokens, Width], ScalarType.Float64);

        RelativeError(block.call(x), Naive(block, frozen, x)).Should().BeLessThan(1e-13);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradients_equal_those_of_complete_experts(bool gated, int experts, int topK)
    {
        using var scope = NewDisposeScope();
        var (block, frozen) = Block(gated, experts, topK);
        var x = randn([Tokens, Width], ScalarType.Float64).requires_grad_();
        var direction = randn([Tokens, Width], ScalarType.Float64);
        var parameters = block.AdapterParameters.Select(p => (Tensor)p.Value).Append(x).ToList();

        var shared = autograd.grad([(block.call(x) * direction).sum()], parameters, allow_unused: true);
        var naive = autograd.grad([(Naive(block, frozen, x) * direction).sum()], parameters, allow_unused: true);

        foreach (var (one, other) in shared.Zip(naive))
        {
            RelativeError(OrZero(one), OrZero(other)).Should().BeLessThan(1e-12);
        }

        static Tensor OrZero(Tensor? t) => t is null || t.IsInvalid ? zeros([1], ScalarType.Float64) : t;
    }

    [Fact]
    public void A_new_block_computes_what_the_frozen_feed_forward_computes()
    {
        using var scope = NewDisposeScope();
        var frozen = new PlainFeedForward(Width, Hidden);
        var block = Build(frozen, frozen, 3, 2);
        var x = randn(4, 5, Width);

        var error = (block.call(x) - frozen.call(x)).abs().max().item<float>();

        error.Should().BeLessThan(1e-6f);
    }

    [Fact]
    public void An_expert_that_no_token_selects_changes_nothing_and_gets_no_gradient()
    {
        using var scope = NewDisposeScope();
        var frozen = new PlainFeedForward(Width, Hidden);
        var block = Build(frozen, frozen, 3, 1);
        Randomise(block);
        var router = (TopKRouter)block.Router;
        var weight = router.AdapterParameters.Single().Value;
        using (no_grad())
        {
            weight.zero_();
            weight[0].fill_(1);
        }

        var x = rand(Tokens, Width); // positive tokens: expert 0 has the only positive logit
        block.call(x).sum().backward();

        block.Experts[0].Output.B.grad!.abs().sum().item<float>().Should().BeGreaterThan(0);
        block.Experts[1].AdapterParameters.Should().OnlyContain(p => GradientIsZero(p.Value.grad));
        block.Experts[2].AdapterParameters.Should().OnlyContain(p => GradientIsZero(p.Value.grad));
    }

    [Fact]
    public void The_frozen_feed_forward_gets_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var model = Tiny.Moe();

        model.Model.call(zeros([1, 4], ScalarType.Int64)).sum().backward();

        var trained = model.Parameters.Select(p => p.Value).ToHashSet<Tensor>(ReferenceEqualityComparer.Instance);
        model.Model.parameters().Where(p => !trained.Contains(p)).Should().NotBeEmpty().And.OnlyContain(p => !p.requires_grad);
    }

    [Fact]
    public void Specialists_before_generalists_are_refused()
    {
        var frozen = new PlainFeedForward(Width, Hidden);

        var act = () => new MoeFeedForward(frozen, [Expert(ExpertRole.Specialist, frozen, 0), Expert(ExpertRole.Generalist, frozen, 1)], new UniformRouter(2));

        act.Should().Throw<ArgumentException>().WithMessage("*Specialist, Generalist*generalists before*");
    }

    [Fact]
    public void A_block_without_experts_is_refused()
    {
        var act = () => new MoeFeedForward(new PlainFeedForward(Width, Hidden), [], new UniformRouter(1));

        act.Should().Throw<ArgumentException>().WithMessage("*at least one expert*");
    }

    /// <summary>Every expert as a complete feed-forward over all tokens with merged weights W + s B A, weighted by the router's own rule.</summary>
    private static Tensor Naive(MoeFeedForward block, IFeedForward frozen, Tensor x)
    {
        var logits = block.Router is TopKRouter router ? router.call(x) : null;
        Tensor? sum = null;
        for (var j = 0; j < block.Experts.Count; j++)
        {
            var expert = block.Experts[j];
            var inputs = frozen.Inputs.Select((p, i) => nn.functional.linear(x, p.Linear.weight + Delta(expert.Input(i)), p.Linear.bias)).ToArray();
            var output = nn.functional.linear(frozen.Combine(inputs), frozen.Output.Linear.weight + Delta(expert.Output), frozen.Output.Linear.bias);
            var weighted = output * Weights(logits, block.Experts.Count, block.LastRouting!.TopK, j);
            sum = sum is null ? weighted : sum + weighted;
        }

        return sum!;
    }

    /// <summary>The gates of expert j, token by token, from the definition: softmax over the kept logits, or the bare top probability for k = 1.</summary>
    private static Tensor Weights(Tensor? logits, int n, int k, int j)
    {
        if (logits is null)
        {
            return full([Tokens, 1], 1.0 / n, ScalarType.Float64);
        }

        var gates = new List<Tensor>();
        for (var t = 0; t < Tokens; t++)
        {
            var row = logits[t]; // (n)
            var values = row.data<double>().ToArray();
            var kept = Enumerable.Range(0, n).OrderByDescending(i => values[i]).Take(k).ToList();
            var mass = k == 1 ? row.exp().sum() : kept.Select(i => row[i].exp()).Aggregate((a, b) => a + b);
            gates.Add(kept.Contains(j) ? row[j].exp() / mass : row[j] * 0);
        }

        return stack(gates).unsqueeze(1); // (N, 1)
    }

    private static Tensor Delta(LoraAdapter adapter) => adapter.B.matmul(adapter.A) * adapter.Config.Factor;

    private static double RelativeError(Tensor value, Tensor expected) =>
        (value - expected).abs().max().item<double>() / Math.Max(1, expected.abs().max().item<double>());

    private static (MoeFeedForward Block, IFeedForward Frozen) Block(bool gated, int experts, int topK)
    {
        nn.Module<Tensor, Tensor> module = gated ? new GatedFeedForward(Width, Hidden) : new PlainFeedForward(Width, Hidden);
        var block = Build((IFeedForward)module, module, experts, topK);
        Randomise(block);
        block.to(ScalarType.Float64);
        block.call(zeros([1, Width], ScalarType.Float64));
        return (block, (IFeedForward)module);
    }

    private static MoeFeedForward Build(IFeedForward frozen, nn.Module module, int experts, int topK)
    {
        foreach (var parameter in module.parameters())
        {
            parameter.requires_grad = false;
        }

        IRouter router = experts == 1 ? new UniformRouter(1) : new TopKRouter(Width, experts, topK, 3);
        return new(frozen, [.. Enumerable.Range(0, experts).Select(j => Expert(j == 0 ? ExpertRole.Generalist : ExpertRole.Specialist, frozen, j))], router);
    }

    private static Expert Expert(ExpertRole role, IFeedForward frozen, long seed) =>
        new(role, [.. frozen.Inputs.Select(Shape)], Shape(frozen.Output), new LoraConfig(2), seed);

    private static ProjectionShape Shape(FeedForwardPart part) => new(part.Name, part.Linear.in_features, part.Linear.out_features);

    private static void Randomise(MoeFeedForward block)
    {
        manual_seed(5);
        using var noGrad = no_grad();
        foreach (var parameter in block.AdapterParameters)
        {
            parameter.Value.normal_();
        }
    }

    private static bool GradientIsZero(Tensor? gradient) => gradient is null || gradient.abs().sum().item<float>() == 0;
}
