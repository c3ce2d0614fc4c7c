using CoMiGS.Routing;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Routing;

public sealed class ImportanceBalanceLossTests
{
    [Theory]
    [InlineData(2, 2, 0.5, UnselectedLogits.Masked)]
    [InlineData(2, 2, 0.9, UnselectedLogits.Masked)]
    [InlineData(4, 2, 0.5, UnselectedLogits.Masked)]
    [InlineData(4, 2, 0.5, UnselectedLogits.Zero)]
    [InlineData(4, 2, 0.0, UnselectedLogits.Masked)]
    [InlineData(3, 1, 0.9, UnselectedLogits.Masked)]
    [InlineData(3, 1, 0.9, UnselectedLogits.Zero)]
    public void The_value_follows_the_formula_worked_out_token_by_token(int n, int k, double share, UnselectedLogits unselected)
    {
        using var scope = NewDisposeScope();
        using var router = new TopKRouter(5, n, k, 1);
        var decision = router.Route(randn(50, 5) * 20);

        var loss = new ImportanceBalanceLoss(1, share, unselected).Compute(decision).item<float>();

        var logits = decision.Logits!.data<float>().ToArray().Chunk(n).Select(row => row.Select(z => (double)z).ToArray()).ToArray();
        loss.Should().BeApproximately((float)Formula(logits, k, share, unselected), 1e-5f);
    }

    [Fact]
    public void With_all_experts_selected_and_an_even_share_it_is_one_and_trains_nothing()
    {
        using var scope = NewDisposeScope();
        using var router = new TopKRouter(5, 2, 2, 1);
        var balance = new ImportanceBalanceLoss(1);

        var loss = balance.Compute(router.Route(randn(50, 5)));
        loss.backward();

        balance.IsConstant(2, 2).Should().BeTrue();
        loss.item<float>().Should().BeApproximately(1, 1e-6f);
        router.AdapterParameters.Single().Value.grad!.abs().max().item<float>().Should().BeLessThan(1e-6f);
    }

    [Fact]
    public void It_pushes_tokens_towards_the_share_the_generalist_should_get()
    {
        using var scope = NewDisposeScope();
        using var router = new TopKRouter(5, 2, 1, 1);
        var balance = new ImportanceBalanceLoss(1, 0.9);
        var weight = router.AdapterParameters.Single().Value;
        var optimizer = optim.SGD([weight], learningRate: 0.5);
        var tokens = rand(400, 5); // not centred: a router without bias can prefer an expert for all of them

        for (var i = 0; i < 300; i++)
        {
            optimizer.zero_grad();
            balance.Compute(router.Route(tokens)).backward();
            optimizer.step();
        }

        router.Route(tokens).Gates.select(1, 0).gt(0).to(ScalarType.Float32).mean().item<float>().Should().BeGreaterThan(0.6f);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    public void A_share_outside_zero_to_one_is_refused(double share)
    {
        var act = () => new ImportanceBalanceLoss(1, share);

        act.Should().Throw<ArgumentOutOfRangeException>().WithMessage($"*GeneralistShare is {share}*");
    }

    [Fact]
    public void A_decision_without_logits_is_refused()
    {
        using var scope = NewDisposeScope();

        var act = () => new ImportanceBalanceLoss(1).Compute(new UniformRouter(2).Route(randn(3, 4)));

        act.Should().Throw<ArgumentException>().WithMessage("*no load to balance*");
    }

    /// <summary>The formula in plain loops.</summary>
    private static double Formula(double[][] logits, int k, double share, UnselectedLogits unselected)
    {
        var n = logits[0].Length;
        var density = new double[n];
        var proxy = new double[n];
        foreach (var row in logits)
        {
            var kept = Enumerable.Range(0, n).OrderByDescending(j => row[j]).Take(k).ToHashSet();
            var weights = k == 1
                ? row.Select(z => Math.Exp(z) / row.Sum(Math.Exp)).Select((p, j) => kept.Contains(j) ? p : 0).ToArray()
                : Softmax(row.Select((z, j) => kept.Contains(j) ? z : unselected == UnselectedLogits.Zero ? 0 : double.NegativeInfinity).ToArray());
            for (var j = 0; j < n; j++)
            {
                density[j] += kept.Contains(j) ? 1.0 / k / logits.Length : 0;
                proxy[j] += weights[j] / logits.Length;
            }
        }

        double Factor(int j) => share == 0 ? 1 : j == 0 ? 1 / (share * n) : (n - 1) / ((1 - share) * n);
        return n * n * Enumerable.Range(0, n).Average(j => density[j] * proxy[j] * Factor(j));
    }

    private static double[] Softmax(double[] row) => [.. row.Select(z => Math.Exp(z) / row.Sum(Math.Exp))];
}
