using static TorchSharp.torch.nn.functional;

namespace CoMiGS.Torch.Tests.Modules;

public sealed class FunctionalTests
{
    private static double[] Softmax(IEnumerable<double> x)
    {
        var powers = x.Select(Math.Exp).ToArray();
        return [.. powers.Select(p => p / powers.Sum())];
    }

    [Fact]
    public void Softmax_sums_to_one_and_its_logarithm_agrees()
    {
        using var scope = NewDisposeScope();
        double[] x = [1, -1, 2.5];
        Numbers.ShouldBe(Numbers.Vector(x).softmax(0), Softmax(x), 1e-12);
        Numbers.ShouldBe(log_softmax(Numbers.Vector(x), 0), [.. Softmax(x).Select(v => Math.Log(v))], 1e-12);
        Numbers.CheckGradients(t => softmax(t[0], -1), Numbers.Matrix(2, 3));
        Numbers.CheckGradients(t => log_softmax(t[0], 0), Numbers.Matrix(2, 3));
    }

    [Fact]
    public void Cross_entropy_is_the_mean_of_minus_log_probabilities()
    {
        using var scope = NewDisposeScope();
        var logits = Numbers.Matrix(3, 4);
        var target = tensor(new long[] { 1, 3, 0 });
        var rows = Numbers.Of(logits).Chunk(4).Select(Softmax).ToArray();
        double[] losses = [-Math.Log(rows[0][1]), -Math.Log(rows[1][3]), -Math.Log(rows[2][0])];
        cross_entropy(logits, target).item<double>().Should().BeApproximately(losses.Average(), 1e-12);
        Numbers.ShouldBe(cross_entropy(logits, target, reduction: nn.Reduction.None), losses, 1e-12);
        cross_entropy(logits, tensor(new long[] { 1, -100, -100 })).item<double>().Should().BeApproximately(losses[0], 1e-12);
        Numbers.CheckGradients(t => cross_entropy(t[0], target), Numbers.Matrix(3, 4));
        Numbers.CheckGradients(t => nll_loss(log_softmax(t[0], 1), target), Numbers.Matrix(3, 4));
    }

    [Fact]
    public void Squared_and_absolute_errors_are_averaged()
    {
        using var scope = NewDisposeScope();
        mse_loss(Numbers.Vector(1, 2), Numbers.Vector(3, 5)).item<double>().Should().Be(6.5);
        l1_loss(Numbers.Vector(1, 2), Numbers.Vector(3, 5), nn.Reduction.Sum).item<double>().Should().Be(5);
        Numbers.CheckGradients(t => mse_loss(t[0], t[1]), Numbers.Vector(1, 2), Numbers.Vector(3, 5));
    }

    [Fact]
    public void A_linear_map_multiplies_by_the_transposed_weight()
    {
        using var scope = NewDisposeScope();
        var weight = tensor(new double[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });
        Numbers.ShouldBe(linear(tensor(new double[,] { { 1, 10 } }), weight, Numbers.Vector(0.1, 0.2, 0.3)), [21.1, 43.2, 65.3]);
        Numbers.CheckGradients(t => linear(t[0], t[1], t[2]), Numbers.Matrix(4, 3), Numbers.Matrix(2, 3), Numbers.Vector(1, 2));
    }

    [Fact]
    public void Layer_norm_centres_and_scales_each_row()
    {
        using var scope = NewDisposeScope();
        var deviation = Math.Sqrt((2.0 / 3) + 1e-5);
        Numbers.ShouldBe(
            layer_norm(Numbers.Vector(1, 2, 3).unsqueeze(0), [3], Numbers.Vector(1, 1, 2), Numbers.Vector(0, 0, 5)),
            [-1 / deviation, 0, 5 + (2 / deviation)], 1e-12);
        Numbers.CheckGradients(
            t => layer_norm(t[0], [3], t[1], t[2]), Numbers.Matrix(2, 3), Numbers.Vector(1, 2, 3), Numbers.Vector(0.5, 0, -1));
    }

    [Fact]
    public void Dropout_keeps_the_expectation_and_rests_while_evaluating()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var kept = Numbers.Of(dropout(ones(10_000), 0.25));
        kept.Distinct().Order().First().Should().Be(0);
        kept.Max().Should().BeApproximately(1 / 0.75, 1e-6);
        kept.Average().Should().BeApproximately(1, 0.03);
        Numbers.Of(dropout(ones(10), 0.25, training: false)).Should().OnlyContain(v => v == 1);
    }

    [Fact]
    public void Attention_weighs_values_by_scaled_products()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Numbers.Matrix(3, 4), Numbers.Matrix(3, 4, 0.3), Numbers.Matrix(3, 4, 0.9));
        var (qs, ks, vs) = (Numbers.Of(q).Chunk(4).ToArray(), Numbers.Of(k).Chunk(4).ToArray(), Numbers.Of(v).Chunk(4).ToArray());
        var expected = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            // Causal: position i sees positions 0 to i.
            var weights = Softmax(Enumerable.Range(0, i + 1).Select(j => qs[i].Zip(ks[j], (a, b) => a * b).Sum() / 2));
            expected.AddRange(Enumerable.Range(0, 4).Select(c => weights.Select((w, j) => w * vs[j][c]).Sum()));
        }

        Numbers.ShouldBe(scaled_dot_product_attention(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0), is_casual: true), [.. expected], 1e-9);
        var mask = ones(3, 3, ScalarType.Bool).tril();
        Numbers.ShouldBe(scaled_dot_product_attention(q.unsqueeze(0), k.unsqueeze(0), v.unsqueeze(0), mask), [.. expected], 1e-9);
        Numbers.CheckGradients(
            t => scaled_dot_product_attention(t[0], t[1], t[2], is_casual: true),
            Numbers.Matrix(3, 2).unsqueeze(0), Numbers.Matrix(3, 2, 0.3).unsqueeze(0), Numbers.Matrix(3, 2, 0.9).unsqueeze(0));
        FluentActions.Invoking(() => scaled_dot_product_attention(q, k, v, mask, is_casual: true)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void One_hot_rows_and_unit_vectors()
    {
        using var scope = NewDisposeScope();
        Numbers.ShouldBe(one_hot(tensor(new long[] { 1, 0 }), 3), [0, 1, 0, 1, 0, 0]);
        Numbers.ShouldBe(normalize(tensor(new double[,] { { 3, 4 } })), [0.6, 0.8], 1e-12);
    }
}
