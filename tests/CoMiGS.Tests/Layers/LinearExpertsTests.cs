using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Routing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Layers;

public sealed class LinearExpertsTests
{
    private const int Inputs = 6;
    private const int Outputs = 5;
    private const int Tokens = 9;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 1)]
    [InlineData(4, 3)]
    [InlineData(7, 2)]
    public void The_layers_output_is_the_sum_of_the_definition_and_so_are_its_gradients(int experts, int topK)
    {
        using var scope = NewDisposeScope();
        using var moe = Model(experts, topK);
        var block = (LinearExperts)moe.Blocks.Single();
        var x = randn([3, 3, Inputs], ScalarType.Float64).requires_grad_();
        var direction = randn([3, 3, Outputs], ScalarType.Float64);
        var parameters = moe.Parameters.Select(p => (Tensor)p.Value).Append(x).ToList();

        var output = moe.Model.call(x);
        var expected = Naive(moe, block, x.reshape(Tokens, Inputs)).reshape(3, 3, Outputs);

        Error(output, expected).Should().BeLessThan(1e-13);
        var found = autograd.grad([(output * direction).sum()], parameters, retain_graph: true, allow_unused: true);
        var wanted = autograd.grad([(expected * direction).sum()], parameters, allow_unused: true);
        foreach (var (one, other) in found.Zip(wanted))
        {
            Error(OrZero(one), OrZero(other)).Should().BeLessThan(1e-12);
        }

        static Tensor OrZero(Tensor? t) => t is null || t.IsInvalid ? zeros([1], ScalarType.Float64) : t;
    }

    [Fact]
    public void Routing_is_kept_for_the_balance_loss_and_recorded()
    {
        using var scope = NewDisposeScope();
        using var moe = Model(4, 2);
        using var routing = moe.RecordRouting();

        moe.Model.call(randn([3, 3, Inputs], ScalarType.Float64));
        moe.BalanceLoss().backward();

        routing.Layers.Single().Name.Should().Be("layer");
        routing.Layers.Single().Tokens.Should().Be(Tokens);
        moe.RouterParameters().Single().grad!.abs().sum().item<double>().Should().BePositive();
    }

    [Fact]
    public void Experts_with_more_than_one_adapter_are_refused()
    {
        using var expert = new Expert(ExpertRole.Generalist, [new("a", 2, 2)], new("b", 2, 2), new LoraConfig(1), 1);

        var act = () => new LinearExperts([expert], new UniformRouter(1));

        act.Should().Throw<ArgumentException>().WithMessage("The experts have 2 adapters.*");
    }

    /// <summary>W x + b + sum_j w_j s B_j A_j x, with the gates from their definition: softmax over the kept logits, or the bare top probability for k = 1.</summary>
    private static Tensor Naive(MoeModel moe, LinearExperts block, Tensor x)
    {
        var layer = ((OneLayer)moe.Model).layer;
        var rows = new List<Tensor>();
        for (var t = 0; t < Tokens; t++)
        {
            var token = x[t]; // (in)
            var row = nn.functional.linear(token, layer.weight, layer.bias);
            var scores = block.Router is TopKRouter router ? router.call(token.unsqueeze(0))[0] : zeros([1], ScalarType.Float64);
            var values = scores.data<double>().ToArray();
            var kept = Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Take(block.Router is TopKRouter k ? k.TopK : 1).ToList();
            var mass = kept.Count == 1 ? scores.exp().sum() : kept.Select(i => scores[i].exp()).Aggregate((a, b) => a + b);
            foreach (var j in kept)
            {
                var adapter = block.Experts[j].Output;
                row += scores[j].exp() / mass * adapter.Config.Factor * adapter.B.matmul(adapter.A.matmul(token));
            }

            rows.Add(row);
        }

        return stack(rows); // (N, out)
    }

    private static double Error(Tensor value, Tensor expected) => (value - expected).abs().max().item<double>() / Math.Max(1, expected.abs().max().item<double>());

    private static MoeModel Model(int experts, int topK)
    {
        using var generator = manual_seed(5);
        var moe = new OneLayer().AddExperts(new ExpertOptions { TargetModules = ["layer"], Specialists = experts - 1, TopK = topK, Rank = 2, GeneralistShare = 0.9 });
        moe.Model.to(ScalarType.Float64);
        using var noGrad = no_grad();
        moe.Parameters.ToList().ForEach(p => p.Value.normal_());
        return moe;
    }

    private sealed class OneLayer : nn.Module<Tensor, Tensor>
    {
        public readonly Linear layer = nn.Linear(Inputs, Outputs);

        public OneLayer()
            : base(nameof(OneLayer)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layer.call(input);
    }
}
