using CoMiGS.Layers;
using CoMiGS.Planning;
using CoMiGS.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Planning;

public sealed class FeedForwardRuleTests
{
    private static readonly FeedForwardShape ByName = new() { Inputs = ["fc1"], Output = "fc2", Combine = x => nn.functional.gelu(x[0]) };

    public static TheoryData<string, ExpertOptions> Ways() => new()
    {
        { "type", new ExpertOptions().FeedForward<ForeignMlp>(m => new(m.fc1, m.fc2, x => nn.functional.gelu(x), m.drop.call)) },
        { "name", new ExpertOptions().FeedForward(["mlp"], ByName) },
        { "expression", new ExpertOptions().FeedForward(@"layers\.\d\.mlp", ByName) },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_foreign_feed_forward_gets_experts_and_the_model_computes_what_it_did(string way, ExpertOptions options)
    {
        using var scope = NewDisposeScope();
        using var bare = new Foreign();
        using var model = new Foreign();
        var ids = arange(12).reshape(2, 6);

        using var moe = model.AddExperts(options);

        moe.Blocks.Should().HaveCount(2, way).And.AllBeOfType<MoeFeedForward>();
        (model.call(ids) - bare.call(ids)).abs().max().item<float>().Should().BeLessThan(1e-5f);
        moe.Parameters[0].Name.Should().Be("layers.0.mlp.experts.0.fc1.lora_A");
        moe.AdapterGroups()[0].Adapters.Select(a => a.Path).Should().Equal("layers.0.mlp.fc1", "layers.0.mlp.fc2", "layers.1.mlp.fc1", "layers.1.mlp.fc2");
    }

    [Fact]
    public void A_Sequential_opens_up_by_itself()
    {
        using var scope = NewDisposeScope();
        using var model = new WithSequential();
        var x = randn(3, 4);
        var before = model.call(x);

        using var moe = model.AddExperts(new ExpertOptions { LoadBalance = 0 }.FeedForward(["mlp"]));

        moe.Blocks.Should().ContainSingle().Which.Should().BeOfType<MoeFeedForward>();
        (model.call(x) - before).abs().max().item<float>().Should().BeLessThan(1e-6f);
        moe.Parameters.Select(p => p.Name).Should().Contain("mlp.experts.1.2.lora_B");
    }

    [Fact]
    public void Parts_deep_inside_the_module_keep_their_paths()
    {
        using var model = new WithSequential();
        using var moe = model.AddExperts(new ExpertOptions().FeedForward<WithSequential.Wrapped>(m => new((Linear)m.net[0], (Linear)m.net[2], x => x.tanh())));

        moe.AdapterGroups()[0].Adapters.Select(a => a.Path).Should().Equal("wrapped.net.0", "wrapped.net.2");
        moe.Parameters.Select(p => p.Name).Should().Contain("wrapped.experts.0.net.0.lora_A");
    }

    [Fact]
    public void A_wrong_activation_is_refused_with_the_difference()
    {
        Adding(new ExpertOptions().FeedForward<ForeignMlp>(m => new(m.fc1, m.fc2, x => x.relu()))).Should().Throw<InvalidOperationException>()
            .WithMessage("*'layers.0.mlp', a ForeignMlp, computes something else than its parts fc2(Combine(fc1)): on a random input in evaluation mode the largest difference is 0*, the largest output*");
    }

    [Fact]
    public void Even_the_other_formula_of_GELU_is_told_apart()
    {
        Adding(new ExpertOptions().FeedForward<ForeignMlp>(m => new(m.fc1, m.fc2, x => x * 0.5 * (1 + ((x + (x.pow(3) * 0.044715)) * Math.Sqrt(2 / Math.PI)).tanh()))))
            .Should().Throw<InvalidOperationException>().WithMessage("*computes something else*");
    }

    [Fact]
    public void A_forgotten_dropout_is_refused_and_shows_in_training_mode_only()
    {
        Adding(new ExpertOptions().FeedForward<ForeignMlp>(m => new(m.fc1, m.fc2, x => nn.functional.gelu(x))), dropout: 0.3)
            .Should().Throw<InvalidOperationException>().WithMessage("*in training mode*Finish is what comes after the output, such as dropout.");
        Adding(new ExpertOptions().FeedForward<ForeignMlp>(m => new(m.fc1, m.fc2, x => nn.functional.gelu(x), m.drop.call)), dropout: 0.3).Should().NotThrow();
    }

    [Fact]
    public void A_module_that_mixes_tokens_is_no_feed_forward()
    {
        using var model = new Holder(new Mixing());

        model.Invoking(m => m.AddExperts(new ExpertOptions().FeedForward<Mixing>(x => new(x.first, x.second, h => h.relu())))).Should().Throw<InvalidOperationException>().WithMessage("*computes something else*");
    }

    [Fact]
    public void A_module_whose_own_interface_disagrees_with_it_is_refused_too()
    {
        using var model = new Holder(new Lying());

        model.Invoking(m => m.AddExperts()).Should().Throw<InvalidOperationException>().WithMessage("*'inner', a Lying, computes something else*");
    }

    [Fact]
    public void Trying_out_leaves_modes_random_numbers_and_buffers_alone()
    {
        using var scope = NewDisposeScope();
        using var model = new Foreign(dropout: 0.3);
        var mlp = model.modules().OfType<ForeignMlp>().First();
        mlp.eval();
        mlp.fc1.train();
        mlp.register_buffer("calls", zeros(1));
        mlp.register_forward_hook(m => m.get_buffer("calls")!.add_(1));
        using var generator = manual_seed(5);
        var expected = rand(3);
        generator.manual_seed(5);

        using var moe = model.AddExperts(new ExpertOptions().FeedForward<ForeignMlp>(m => new(m.fc1, m.fc2, x => nn.functional.gelu(x), m.drop.call)));

        (mlp.training, mlp.fc1.training, mlp.fc2.training, mlp.drop.training).Should().Be((false, true, false, false));
        mlp.get_buffer("calls")!.item<float>().Should().Be(0);
        rand(3).equal(expected).all().item<bool>().Should().BeTrue();
    }

    [Fact]
    public void Rules_that_fit_nothing_or_not_that_way_say_why()
    {
        Adding(new ExpertOptions().FeedForward<WithSequential>(_ => null!)).Should().Throw<InvalidOperationException>().WithMessage("FeedForward<WithSequential> applies to no module of Foreign*types*ForeignBlock*ForeignMlp*");
        Adding(new ExpertOptions().FeedForward(["mpl"], ByName)).Should().Throw<InvalidOperationException>().WithMessage("FeedForward([mpl]) applies to no module*Did you mean layers.*.mlp?*");
        Adding(new ExpertOptions().FeedForward(["mlp"])).Should().Throw<InvalidOperationException>().WithMessage("*cannot open up 'layers.0.mlp', a ForeignMlp: it is no Sequential*FeedForwardShape*");
        Adding(new ExpertOptions().FeedForward(["mlp"], new() { Inputs = ["up"], Output = "fc2", Combine = x => x[0] })).Should().Throw<InvalidOperationException>().WithMessage("*it has no Linear called up; its modules are fc1 (Linear), fc2 (Linear), drop (Dropout)*");
        using var stranger = nn.Linear(2, 2);
        Adding(new ExpertOptions().FeedForward<ForeignMlp>(m => new(stranger, m.fc2, x => x))).Should().Throw<InvalidOperationException>().WithMessage("*a Linear(2, 2) that was given is not inside it*");
        Adding(new ExpertOptions().FeedForward<ForeignMlp>(m => new(m.fc2, m.fc1, x => x))).Should().Throw<InvalidOperationException>().WithMessage("*was tried on an input of shape (2, 3, 48)*failed*");
    }

    [Fact]
    public void A_sealed_field_is_named_with_the_other_way()
    {
        using var model = new SealedHolder();

        model.Invoking(m => m.AddExperts(new ExpertOptions().FeedForward<ForeignMlp>(x => new(x.fc1, x.fc2, nn.functional.gelu)))).Should().Throw<InvalidOperationException>()
            .WithMessage("*field 'mlp' of SealedHolder is typed ForeignMlp and cannot hold a MoeFeedForward*TargetModules*");
        model.parameters().Should().OnlyContain(p => p.requires_grad);
    }

    [Fact]
    public void A_feed_forward_may_change_the_width()
    {
        using var scope = NewDisposeScope();
        using var model = new Holder(nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3)));
        var x = randn(2, 5, 4);
        var before = model.call(x);
        using var moe = model.AddExperts(new ExpertOptions().FeedForward(["inner"]));

        (moe.Model.call(x) - before).abs().max().item<float>().Should().BeLessThan(1e-6f);
    }

    private static Action Adding(ExpertOptions options, double dropout = 0) => () =>
    {
        using var model = new Foreign(dropout);
        model.AddExperts(options);
    };

    private sealed class Holder : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> inner;

        public Holder(nn.Module<Tensor, Tensor> module)
            : base(nameof(Holder))
        {
            inner = module;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => inner.call(input);
    }

    private sealed class SealedHolder : nn.Module<Tensor, Tensor>
    {
        private readonly ForeignMlp mlp = new(4, 6);

        public SealedHolder()
            : base(nameof(SealedHolder)) => RegisterComponents();

        public override Tensor forward(Tensor input) => mlp.call(input);
    }

    private sealed class Mixing : nn.Module<Tensor, Tensor>
    {
        public readonly Linear first = nn.Linear(4, 6);
        public readonly Linear second = nn.Linear(6, 4);

        public Mixing()
            : base(nameof(Mixing)) => RegisterComponents();

        public override Tensor forward(Tensor input) => second.call(first.call(input).relu()).cumsum(-2);
    }

    private sealed class Lying : nn.Module<Tensor, Tensor>, IFeedForward
    {
        private readonly Linear first = nn.Linear(4, 6);
        private readonly Linear second = nn.Linear(6, 4);

        public Lying()
            : base(nameof(Lying)) => RegisterComponents();

        public IReadOnlyList<FeedForwardPart> Inputs => [new("first", first)];

        public FeedForwardPart Output => new("second", second);

        public Tensor Combine(IReadOnlyList<Tensor> projected) => projected[0].relu();

        public override Tensor forward(Tensor input) => second.call(first.call(input).tanh());
    }

    private sealed class WithSequential : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> mlp = nn.Sequential(nn.Linear(4, 6), nn.GELU(), nn.Linear(6, 4), nn.Dropout(0.5));
        private readonly nn.Module<Tensor, Tensor> wrapped = new Wrapped();

        public WithSequential()
            : base(nameof(WithSequential))
        {
            RegisterComponents();
            eval();
        }

        public override Tensor forward(Tensor input) => wrapped.call(mlp.call(input));

        public sealed class Wrapped : nn.Module<Tensor, Tensor>
        {
            public readonly Sequential net = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 4));

            public Wrapped()
                : base(nameof(Wrapped)) => RegisterComponents();

            public override Tensor forward(Tensor input) => net.call(input);
        }
    }
}
