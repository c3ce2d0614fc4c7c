using CoMiGS.Parameters;
using CoMiGS.Routing;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Routing;

public sealed class TopKRouterTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(4, 2)]
    [InlineData(4, 3)]
    [InlineData(8, 7)]
    public void Kept_gates_are_the_softmax_over_the_kept_logits(int experts, int topK)
    {
        using var scope = NewDisposeScope();
        using var router = new TopKRouter(5, experts, topK, 1);

        var decision = router.Route(randn(20, 5));

        var gates = decision.Gates.data<float>().ToArray().Chunk(experts).ToArray();
        var logits = decision.Logits!.data<float>().ToArray().Chunk(experts).ToArray();
        foreach (var (gate, logit) in gates.Zip(logits))
        {
            var kept = Enumerable.Range(0, experts).OrderByDescending(j => logit[j]).Take(topK).ToList();
            var mass = kept.Sum(j => Math.Exp(logit[j]));
            for (var j = 0; j < experts; j++)
            {
                gate[j].Should().BeApproximately(kept.Contains(j) ? (float)(Math.Exp(logit[j]) / mass) : 0, 1e-6f);
            }
        }
    }

    [Fact]
    public void With_top_one_the_gate_is_the_bare_probability_over_all_experts()
    {
        using var scope = NewDisposeScope();
        using var router = new TopKRouter(5, 3, 1, 1);

        var decision = router.Route(randn(20, 5));

        var gates = decision.Gates.data<float>().ToArray().Chunk(3);
        var probabilities = decision.Logits!.softmax(-1).data<float>().ToArray().Chunk(3);
        foreach (var (gate, probability) in gates.Zip(probabilities))
        {
            gate.Count(g => g > 0).Should().Be(1);
            gate.Max().Should().Be(probability.Max()).And.BeLessThan(1);
        }

        decision.SumsToOne.Should().BeFalse();
    }

    [Fact]
    public void A_bias_changes_nothing_until_it_is_learnt()
    {
        using var scope = NewDisposeScope();
        using var plain = new TopKRouter(8, 4, 2, 1);
        using var biased = new TopKRouter(8, 4, 2, 1, bias: true);
        var tokens = randn(20, 8);

        biased.Route(tokens).Gates.data<float>().ToArray().Should().Equal(plain.Route(tokens).Gates.data<float>().ToArray());
        biased.AdapterParameters.Select(p => (p.Name, p.Role)).Should().Equal(("weight", ParameterRole.Router), ("bias", ParameterRole.Router));
    }

    [Theory]
    [InlineData(2, new[] { 0.0, 1 })]
    [InlineData(2, new[] { 1.0, 0 })]
    [InlineData(2, new[] { 0.25, 0.75 })]
    [InlineData(1, new[] { 1.0, 0 })]
    [InlineData(2, new[] { 0, 0.5, 0.5 })]
    public void A_preference_gives_every_token_the_same_gates(int topK, double[] gates)
    {
        using var scope = NewDisposeScope();
        using var router = new TopKRouter(8, gates.Length, topK, 1, bias: true);

        router.Prefer(gates);

        foreach (var token in router.Route(randn(5, 8)).Gates.data<float>().ToArray().Chunk(gates.Length))
        {
            token.Zip(gates).Should().OnlyContain(pair => Math.Abs(pair.First - pair.Second) < (pair.Second == 0 ? 1e-30 : 1e-6));
        }
    }

    [Fact]
    public void A_preference_needs_a_bias_and_no_more_experts_than_a_token_takes()
    {
        using var plain = new TopKRouter(8, 2, 2, 1);
        using var one = new TopKRouter(8, 2, 1, 1, bias: true);

        plain.Invoking(r => r.Prefer([1, 0])).Should().Throw<InvalidOperationException>().WithMessage("*no bias*RouterBias*");
        one.Invoking(r => r.Prefer([0.5, 0.5])).Should().Throw<ArgumentException>().WithMessage("*Use 2 weights, of which at most 1 are above 0*");
        one.Invoking(r => r.Prefer([1])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        using var scope = NewDisposeScope();
        using var one = new TopKRouter(8, 4, 2, 1);
        using var same = new TopKRouter(8, 4, 2, 1);
        using var other = new TopKRouter(8, 4, 2, 2);

        Values(one).Should().Equal(Values(same)).And.NotEqual(Values(other));
    }

    [Fact]
    public void Initial_weights_have_standard_deviation_one_fiftieth()
    {
        using var scope = NewDisposeScope();
        using var router = new TopKRouter(4000, 8, 2, 1);

        router.AdapterParameters.Single().Value.std().item<float>().Should().BeApproximately(0.02f, 0.0005f);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Top_k_outside_one_to_n_is_refused(int topK)
    {
        var act = () => new TopKRouter(8, 3, topK, 1);

        act.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"*TopK is {topK}, but there are 3 experts. Use TopK 1 to 3*");
    }

    [Fact]
    public void Its_only_parameter_is_a_router_parameter()
    {
        using var router = new TopKRouter(8, 3, 1, 1);

        router.AdapterParameters.Should().ContainSingle().Which.Role.Should().Be(ParameterRole.Router);
        router.named_parameters().Select(p => p.name).Should().Equal("weight");
    }

    private static float[] Values(TopKRouter router) => router.AdapterParameters.Single().Value.detach().data<float>().ToArray();
}
