namespace CoMiGS.Torch.Tests.Tensors;

public sealed class LinearAlgebraTests
{
    private static double[] Product(double[] a, double[] b, int n, int k, int m) =>
        [.. from i in Enumerable.Range(0, n) from j in Enumerable.Range(0, m) select Enumerable.Range(0, k).Sum(t => a[(i * k) + t] * b[(t * m) + j])];

    [Fact]
    public void Products_are_sums_over_the_inner_dimension()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Numbers.Matrix(3, 4), Numbers.Matrix(4, 2, 0.4));
        var expected = Product(Numbers.Of(a), Numbers.Of(b), 3, 4, 2);
        Numbers.ShouldBe(a.matmul(b), expected, 1e-12);
        Numbers.ShouldBe(a.mm(b), expected, 1e-12);
        Numbers.ShouldBe(a.unsqueeze(0).bmm(b.unsqueeze(0)), expected, 1e-12);
        Numbers.ShouldBe(ones(3, 2, ScalarType.Float64).addmm(a, b, 2, 0.5f), [.. expected.Select(e => 2 + (0.5 * e))], 1e-12);
        Numbers.ShouldBe(outer(Numbers.Vector(1, 2), Numbers.Vector(3, 4)), [3, 4, 6, 8]);
        Numbers.CheckGradients(x => x[0].matmul(x[1]), Numbers.Matrix(3, 4), Numbers.Matrix(4, 2, 0.4));
    }

    [Fact]
    public void Singular_values_put_the_matrix_together_again()
    {
        using var scope = NewDisposeScope();
        var a = Numbers.Matrix(5, 3);
        var (u, s, vh) = linalg.svd(a, fullMatrices: false);
        Numbers.ShouldBe(u.matmul(diag(s)).matmul(vh), Numbers.Of(a));
        Numbers.ShouldBe(u.t().matmul(u), Numbers.Of(eye(3)));
        Numbers.Of(s).Should().BeInDescendingOrder();
        Numbers.ShouldBe(linalg.svd(tensor(new double[,] { { 0, 3 }, { 4, 0 } })).S, [4, 3]);
    }

    [Fact]
    public void Orthogonal_and_triangular_factors_put_the_matrix_together_again()
    {
        using var scope = NewDisposeScope();
        var a = Numbers.Matrix(4, 3);
        var (q, r) = linalg.qr(a);
        Numbers.ShouldBe(q.matmul(r), Numbers.Of(a));
        Numbers.ShouldBe(r.tril(-1), new double[9]);
        Numbers.ShouldBe(linalg.inv(tensor(new double[,] { { 2, 0 }, { 0, 4 } })), [0.5, 0, 0, 0.25]);
    }
}
