using CoMiGS.Experts;
using CoMiGS.Kernels;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using FsCheck;
using FsCheck.Fluent;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Layers;

/// <summary>The fused kernel against the mixture composed of torch's operators.</summary>
public sealed class FusedMixTests
{
    private static readonly Gen<Case> Cases =
        from gated in Gen.Elements(false, true)
        from tokens in Gen.Choose(1, 40)
        from hidden in Gen.Elements(1, 3, 16, 255, 256, 257, 600, 2304)
        from experts in Gen.Choose(1, 6)
        from topK in Gen.Choose(1, experts)
        from rank in Gen.Choose(1, 20)
        from routed in Gen.Elements(true, true, false)
        from seed in Gen.Choose(1, 1_000_000)
        select new Case(gated, tokens, hidden, experts, topK, rank, routed, seed);

    [Fact]
    public void Output_and_all_gradients_are_those_of_the_composed_mixture() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Cases.ToArbitrary(), sample =>
        {
            using var scope = NewDisposeScope();
            using var block = sample.Block();
            var composed = Run(block, sample, kernel: false);
            var fused = Run(block, sample, kernel: true);
            var largest = composed.Max(c => Largest(c.Value)); // where a small gradient is what large ones left of each other, their rounding counts
            foreach (var ((name, wanted), (_, got)) in composed.Zip(fused))
            {
                Largest(wanted - got).Should().BeLessThanOrEqualTo(1e-5f * Math.Max(Largest(wanted), 0.1f * largest), "{0} of {1}", name, sample);
            }
        }));

    [Fact]
    public void Each_factor_gets_its_gradient_whichever_others_are_frozen()
    {
        using var scope = NewDisposeScope();
        var sample = new Case(Gated: true, Tokens: 9, Hidden: 20, Experts: 3, TopK: 2, Rank: 4, Routed: true, Seed: 3);
        using var block = sample.Block();
        var factors = block.AdapterParameters.ToList();
        var all = Run(block, sample, kernel: true).ToDictionary(r => r.Name, r => r.Value);
        foreach (var learning in factors)
        {
            factors.ForEach(p => p.Value.requires_grad = p.Name == learning.Name);
            var alone = Run(block, sample, kernel: true).Single(r => r.Name == learning.Name).Value;
            Largest(alone - all[learning.Name]).Should().Be(0, learning.Name);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Inputs_and_decisions_that_are_views_count_as_their_copies_do(int tokens)
    {
        using var scope = NewDisposeScope();
        var sample = new Case(Gated: true, tokens, Hidden: 20, Experts: 3, TopK: 2, Rank: 4, Routed: true, Seed: 3);
        using var block = sample.Block(new Transposed());
        var x = randn(Case.Width, tokens).t(); // (N, d), not contiguous
        x.requires_grad = true;
        block.UsesKernel = false;
        var wanted = block.call(x);
        block.UsesKernel = true;
        var got = block.call(x);
        got.sum().backward();

        got.shape.Should().Equal(wanted.shape);
        allclose(got, wanted, 1e-4, 1e-5).Should().BeTrue();
        x.grad!.shape.Should().Equal(x.shape);
    }

#if TORCH_SYSTEM
    // In TorchSharp the exception crosses native frames and ends the process.
    [Fact]
    public void A_second_derivative_is_refused_with_what_to_do_instead_of_left_out()
    {
        using var scope = NewDisposeScope();
        var sample = new Case(Gated: false, Tokens: 4, Hidden: 20, Experts: 2, TopK: 1, Rank: 4, Routed: true, Seed: 3);
        using var block = sample.Block();
        var x = randn(4, Case.Width);
        x.requires_grad = true;
        var loss = block.call(x).sum();

        FluentActions.Invoking(() => autograd.grad([loss], [x], create_graph: true)).Should().Throw<Exception>().WithMessage("*second derivative*UseKernel*");
    }
#endif

    [Fact]
    public void Gradients_can_be_taken_twice_from_a_graph_that_is_kept_and_not_after_a_factor_changed()
    {
        using var scope = NewDisposeScope();
        var sample = new Case(Gated: true, Tokens: 4, Hidden: 20, Experts: 2, TopK: 1, Rank: 4, Routed: true, Seed: 3);
        using var block = sample.Block();
        var x = randn(4, Case.Width);
        x.requires_grad = true;
        var loss = block.call(x).sum();
        var (first, second) = (autograd.grad([loss], [x], retain_graph: true)[0], autograd.grad([loss], [x], retain_graph: true)[0]);
        first.Equals(second).Should().BeTrue();

#if TORCH_SYSTEM
        // In TorchSharp the exception crosses native frames and ends the process.
        using (no_grad())
        {
            block.Experts[0].Input(0).B.add_(1);
        }

        FluentActions.Invoking(() => autograd.grad([loss], [x])).Should().Throw<Exception>().WithMessage("*in place*");
#endif
    }

    [Fact]
    public void Several_threads_may_run_it_at_once()
    {
        using var scope = NewDisposeScope();
        var sample = new Case(Gated: true, Tokens: 30, Hidden: 600, Experts: 4, TopK: 2, Rank: 8, Routed: true, Seed: 3);
        using var block = sample.Block();
        using var x = randn(30, Case.Width);
        float[] Outputs()
        {
            using var inner = NewDisposeScope();
            using var noGrad = no_grad();
            return block.call(x).data<float>().ToArray();
        }

        var alone = Outputs();
        Parallel.For(0, 32, _ => Outputs().Should().Equal(alone));
    }

    private static float Largest(Tensor values) => values.abs().max().ToSingle();

    private static List<(string Name, Tensor Value)> Run(MoeFeedForward block, Case sample, bool kernel)
    {
        block.UsesKernel = kernel;
        foreach (var parameter in block.parameters())
        {
            parameter.grad = null;
        }

        manual_seed(sample.Seed);
        var x = randn(sample.Tokens, Case.Width);
        x.requires_grad = true;
        var y = block.call(x);
        (y * randn_like(y)).sum().backward();
        return [("y", y.detach()), ("x", x.grad!), .. block.AdapterParameters.Select(p => (p.Name, p.Value.grad ?? zeros_like(p.Value)))];
    }

    private sealed record Case(bool Gated, int Tokens, int Hidden, int Experts, int TopK, int Rank, bool Routed, int Seed)
    {
        public const int Width = 12;

        public MoeFeedForward Block(IRouter? given = null)
        {
            manual_seed(Seed);
            var config = new LoraConfig(Rank, Alpha: 4);
            var frozen = Gated ? (IFeedForward)new Gate(Width, Hidden) : new Gelu(Width, Hidden);
            var inputs = frozen.Inputs.Select(p => new ProjectionShape(p.Name, Width, Hidden)).ToList();
            var experts = Enumerable.Range(0, Experts)
                .Select(j => new Expert(ExpertRole.Specialist, inputs, new ProjectionShape("down", Hidden, Width), config, new Seed(Seed).For($"{j}"))).ToList();
            foreach (var parameter in experts.SelectMany(e => e.AdapterParameters))
            {
                using var noGrad = no_grad();
                parameter.Value.copy_(randn_like(parameter.Value) * 0.3);
            }

            var router = given ?? (Routed ? new TopKRouter(Width, Experts, TopK, new Seed(Seed)) : (IRouter)new UniformRouter(Experts));
            if (router is TopKRouter learnt)
            {
                using var noGrad = no_grad();
                learnt.parameters().Single().copy_(randn(Experts, Width));
            }

            return new MoeFeedForward(frozen, experts, router);
        }
    }

    /// <summary>Decides in tensors that lie in memory the other way round.</summary>
    private sealed class Transposed : IRouter
    {
        public RoutingDecision Route(Tensor tokens)
        {
            var selected = arange(3L * tokens.shape[0]).remainder(3).reshape(3, tokens.shape[0]).t().gt(0); // (N, 3)
            var gates = selected.to(ScalarType.Float32) * 0.5;
            return new RoutingDecision(gates, null, selected, TopK: 2, SumsToOne: false);
        }
    }

    private sealed class Gelu : nn.Module<Tensor, Tensor>, IFeedForward
    {
        private readonly Linear up;
        private readonly Linear down;

        public Gelu(long width, long hidden)
            : base(nameof(Gelu))
        {
            (up, down) = (nn.Linear(width, hidden), nn.Linear(hidden, width));
            RegisterComponents();
        }

        public IReadOnlyList<FeedForwardPart> Inputs => [new("up", up)];

        public FeedForwardPart Output => new("down", down);

        public CombineKind? Kernel => CombineKind.GeluTanh;

        public Tensor Combine(IReadOnlyList<Tensor> projected)
        {
            var x = projected[0];
            return x * 0.5 * (1 + ((x + (x.pow(3) * 0.044715)) * Math.Sqrt(2 / Math.PI)).tanh());
        }

        public override Tensor forward(Tensor input) => down.call(Combine([up.call(input)]));
    }

    private sealed class Gate : nn.Module<Tensor, Tensor>, IFeedForward
    {
        private readonly Linear gate;
        private readonly Linear up;
        private readonly Linear down;

        public Gate(long width, long hidden)
            : base(nameof(Gate))
        {
            (gate, up, down) = (nn.Linear(width, hidden), nn.Linear(width, hidden), nn.Linear(hidden, width));
            RegisterComponents();
        }

        public IReadOnlyList<FeedForwardPart> Inputs => [new("gate", gate), new("up", up)];

        public FeedForwardPart Output => new("down", down);

        public CombineKind? Kernel => CombineKind.SiluGate;

        public Tensor Combine(IReadOnlyList<Tensor> projected) => projected[0] * projected[0].sigmoid() * projected[1];

        public override Tensor forward(Tensor input) => down.call(Combine([gate.call(input), up.call(input)]));
    }
}
