using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using CoMiGS.Tests.Models;
using CoMiGS.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Layers;

public sealed class AmoleExpertsTests
{
    private const int Inputs = 6;
    private const int Outputs = 5;
    private const int Tokens = 9;
    private const int Rank = 3;

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 7)]
    [InlineData(2, 1)]
    public void The_layers_output_is_the_sum_of_the_definition_and_so_are_its_gradients(int topK, int experts)
    {
        using var scope = NewDisposeScope();
        using var moe = Model(topK, Enumerable.Range(3, experts));
        var x = randn([3, 3, Inputs], ScalarType.Float64).requires_grad_();
        var direction = randn([3, 3, Outputs], ScalarType.Float64);
        var parameters = moe.Parameters.Select(p => (Tensor)p.Value).Append(x).ToList();

        var output = moe.Model.call(x);
        var expected = Naive(moe, x.reshape(Tokens, Inputs), topK).reshape(3, 3, Outputs);

        Error(output, expected).Should().BeLessThan(1e-12);
        var found = autograd.grad([(output * direction).sum()], parameters, retain_graph: true, allow_unused: true);
        var wanted = autograd.grad([(expected * direction).sum()], parameters, allow_unused: true);
        foreach (var (one, other) in found.Zip(wanted))
        {
            Error(OrZero(one), OrZero(other)).Should().BeLessThan(1e-9);
        }

        static Tensor OrZero(Tensor? t) => t is null || t.IsInvalid ? zeros([1], ScalarType.Float64) : t;
    }

    [Fact]
    public void Untrained_experts_change_nothing()
    {
        using var scope = NewDisposeScope();
        var bare = new OneLayer();
        var x = randn([4, Inputs]);
        var before = bare.call(x).detach();
        using var moe = bare.AddExperts(Options(2));

        (moe.Model.call(x) - before).abs().max().item<float>().Should().Be(0);
    }

    [Fact]
    public void Experts_come_and_go_by_number_and_those_that_stay_keep_their_values()
    {
        using var moe = Model(2, [1, 4, 9]);
        var block = (AmoleExperts)moe.Blocks.Single();
        var kept = block.Adapter(4).B;

        block.Hold([7, 4]);

        block.Ids.Should().Equal(4, 7);
        block.Adapter(4).B.Should().BeSameAs(kept);
        moe.Parameters.Select(p => p.Name).Should().Equal(
            "layer.shared.layer.lora_A", "layer.shared.layer.lora_B", "layer.experts.4.layer.lora_A", "layer.experts.4.layer.lora_B",
            "layer.experts.7.layer.lora_A", "layer.experts.7.layer.lora_B", "layer.router.projection");
        moe.Parameters.Select(p => p.Role).Distinct().Should().Equal(ParameterRole.Generalist, ParameterRole.Assigned, ParameterRole.Router);
        block.named_children().Select(child => child.name).Should().BeEquivalentTo("experts", "router", "shared");
        moe.AdapterGroups().Select(group => group.Name).Should().Equal("generalist-0", "assigned-4", "assigned-7");
        using (NewDisposeScope())
        {
            block.Adapter(7).B.abs().max().item<double>().Should().Be(0);
        }
    }

    [Fact]
    public void Exchanging_experts_leaves_no_tensor_behind()
    {
        using var moe = Model(2, [0, 1, 2]);
        var block = (AmoleExperts)moe.Blocks.Single();
        block.Hold([5, 6]);
        var before = Tensor.TotalCount;

        block.Hold([5, 8]);
        block.Hold([6, 8]);

        Tensor.TotalCount.Should().Be(before + LiveTensors.TooMany(parameters: 8));
    }

    [Theory]
    [InlineData]
    [InlineData(1, 1)]
    [InlineData(-1, 2)]
    public void Numbers_that_name_no_set_of_experts_are_refused_and_nothing_changes(params int[] ids)
    {
        using var moe = Model(2, [1, 4]);
        var block = (AmoleExperts)moe.Blocks.Single();

        block.Invoking(b => b.Hold(ids)).Should().Throw<ArgumentException>().WithMessage("*from 0 on, each once*");

        block.Ids.Should().Equal(1, 4);
    }

    [Fact]
    public void The_balance_loss_is_one_for_equal_loads_and_the_sum_over_layers_is_weighted()
    {
        using var scope = NewDisposeScope();
        using var moe = Model(1, [0, 1, 2]);
        var x = randn([Tokens, Inputs], ScalarType.Float64);
        moe.Model.call(x);
        var decision = moe.Blocks.Single().LastRouting!;
        var (probability, chosen) = (decision.Logits!.softmax(-1), decision.Logits!.argmax(-1).data<long>().ToArray());
        var expected = Enumerable.Range(0, 3).Sum(j => 3 * probability.select(1, j).mean().item<double>() * chosen.Count(c => c == j) / Tokens);

        new SwitchBalanceLoss().Compute(decision).item<double>().Should().BeApproximately(expected, 1e-12);
        moe.BalanceLoss().item<double>().Should().BeApproximately(0.25 * expected, 1e-12);
    }

    [Fact]
    public void A_trainer_goes_on_with_other_experts_and_keeps_the_moments_of_those_that_stay()
    {
        using var moe = Tiny.Moe(new ExpertOptions { Router = RouterKind.Embedding, TargetModules = ["c_attn"], Specialists = 0, AttentionRank = 0, Rank = 2 });
        var (blocks, options) = (moe.Blocks.Cast<AmoleExperts>().ToList(), new BilevelOptions { Window = Tiny.Window, BatchSize = 2, TotalSteps = 9, RouterSchedule = RouterSchedule.Joint });
        using var trainer = new BilevelTrainer(moe, Tiny.Data(), options);
        var first = trainer.Train(3);

        trainer.Exchange(() => blocks.ForEach(block => block.Hold([1, 5])));
        double[] rates = [trainer.ExpertStep().LearningRate, trainer.ExpertStep().LearningRate, trainer.ExpertStep().LearningRate];

        first.Steps.Should().Be(3);
        rates[0].Should().BeLessThan(options.LearningRate, "the learning rate goes on falling").And.BeGreaterThan(rates[^1]);
        moe.Invoking(_ => { blocks[0].Hold([2, 3]); trainer.ExpertStep(); }).Should().Throw<InvalidOperationException>("the trainer was not told");
        using var scope = NewDisposeScope();
        blocks.Skip(1).Should().AllSatisfy(block => block.Adapter(5).B.abs().max().item<float>().Should().BePositive());
    }

    private static Tensor Naive(MoeModel moe, Tensor x, int topK)
    {
        var layer = ((OneLayer)moe.Model).layer;
        var named = moe.Parameters.ToDictionary(p => p.Name, p => (Tensor)p.Value);
        var ids = named.Keys.Where(name => name.StartsWith("layer.experts.", StringComparison.Ordinal)).Select(name => int.Parse(name.Split('.')[2])).Distinct().ToList();
        const double scale = 16.0 / Rank;
        var rows = new List<Tensor>();
        for (var n = 0; n < Tokens; n++)
        {
            var token = x[n]; // (in)
            var projected = named["layer.router.projection"].matmul(token); // (r)
            var exps = ids.ToDictionary(id => id, id => (named[$"layer.experts.{id}.layer.lora_A"].matmul(token).dot(projected) / Math.Sqrt(Rank)).exp());
            var kept = ids.OrderByDescending(id => exps[id].item<double>()).Take(topK).ToList();
            var mass = kept.Select(id => exps[id]).Aggregate((a, b) => a + b);
            var row = layer.weight!.matmul(token) + layer.bias! + (scale * named["layer.shared.layer.lora_B"].matmul(named["layer.shared.layer.lora_A"].matmul(token)));
            foreach (var id in kept)
            {
                row += exps[id] / mass * scale * named[$"layer.experts.{id}.layer.lora_B"].matmul(named[$"layer.experts.{id}.layer.lora_A"].matmul(token));
            }

            rows.Add(row);
        }

        return stack(rows); // (N, out)
    }

    private static double Error(Tensor value, Tensor expected) => (value - expected).abs().max().item<double>() / Math.Max(1, expected.abs().max().item<double>());

    private static ExpertOptions Options(int topK) => new()
    {
        Router = RouterKind.Embedding, TargetModules = ["layer"], Specialists = 0, TopK = topK, Rank = Rank, Scaling = CoMiGS.Experts.LoraScaling.Classic, LoadBalance = 0.25,
    };

    private static MoeModel Model(int topK, IEnumerable<int> ids)
    {
        using var generator = manual_seed(5);
        var moe = new OneLayer().AddExperts(Options(topK));
        moe.Model.to(ScalarType.Float64);
        ((AmoleExperts)moe.Blocks.Single()).Hold([.. ids]);
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_balance_loss_is_summed_over_layers_and_a_tokens_load_is_parted_among_its_k_experts(int topK)
    {
        using var scope = NewDisposeScope();
        using var moe = Tiny.Moe(new ExpertOptions { Router = RouterKind.Embedding, TargetModules = ["c_attn"], Specialists = 0, AttentionRank = 0, Rank = 2, TopK = topK, LoadBalance = 0.25 });
        var blocks = moe.Blocks.Cast<AmoleExperts>().ToList();
        blocks.ForEach(block => block.Hold([0, 1, 2]));
        using (no_grad())
        {
            moe.Parameters.ToList().ForEach(p => p.Value.normal_());
        }

        moe.Model.call(tensor(Enumerable.Range(0, 32).Select(i => (long)(i * 7 % 256)).ToArray(), [2, 16]));

        blocks.Should().HaveCount(2);
        moe.BalanceLoss().item<float>().Should().BeApproximately((float)(0.25 * blocks.Sum(block => ByHand(block.LastRouting!.Logits!.detach()))), 1e-4f);

        double ByHand(Tensor logits)
        {
            var probability = logits.softmax(-1).mean([0L]).data<float>().ToArray();
            var rows = logits.data<float>().ToArray().Chunk(3).ToList();
            var chosen = rows.SelectMany(row => Enumerable.Range(0, 3).OrderByDescending(j => row[j]).Take(topK)).ToList();
            return 3 * Enumerable.Range(0, 3).Sum(j => probability[j] * (double)chosen.Count(c => c == j) / chosen.Count);
        }
    }
}
