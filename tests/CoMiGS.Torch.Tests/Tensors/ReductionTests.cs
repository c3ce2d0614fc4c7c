namespace CoMiGS.Torch.Tests.Tensors;

public sealed class ReductionTests
{
    // 1 2 3
    // 4 5 9
    private static Tensor Sample() => tensor(new double[] { 1, 2, 3, 4, 5, 9 }, [2, 3]);

    [Fact]
    public void Sums_and_means_run_over_all_or_over_dimensions()
    {
        using var scope = NewDisposeScope();
        var x = Sample();
        x.sum().item<double>().Should().Be(24);
        Numbers.ShouldBe(x.sum(dim: 0), [5, 7, 12]);
        Numbers.ShouldBe(x.sum(1, keepdim: true), [6, 18]);
        Numbers.ShouldBe(x.sum([0, 1]), [24]);
        x.mean().item<double>().Should().Be(4);
        Numbers.ShouldBe(x.mean([1]), [2, 6]);
        Numbers.ShouldBe(x.prod(dim: 0), [4, 10, 27]);
        Numbers.ShouldBe(x.cumsum(1), [1, 3, 6, 4, 9, 18]);
        x.sum(1, keepdim: true).shape.Should().Equal(2, 1);
    }

    [Fact]
    public void Variances_divide_by_n_minus_one_unless_told_otherwise()
    {
        using var scope = NewDisposeScope();
        var x = Sample();
        Numbers.ShouldBe(x.var(1), [1, 7]);
        Numbers.ShouldBe(x.var(1, unbiased: false), [2.0 / 3, 14.0 / 3]);
        Numbers.ShouldBe(x.std(1), [1, Math.Sqrt(7)]);
        x.var().item<double>().Should().BeApproximately(8, 1e-12);
    }

    [Fact]
    public void Extremes_come_with_their_indices()
    {
        using var scope = NewDisposeScope();
        var x = Sample();
        x.max().item<double>().Should().Be(9);
        x.min().item<double>().Should().Be(1);
        var (values, indexes) = x.max(1);
        Numbers.ShouldBe(values, [3, 9]);
        Numbers.ShouldBe(indexes, [2, 2]);
        Numbers.ShouldBe(x.argmax(0), [1, 1, 1]);
        x.argmin().item<long>().Should().Be(0);
        Numbers.ShouldBe(x.amax([0]), [4, 5, 9]);
        Numbers.ShouldBe(x.amin([1], keepdim: true), [1, 4]);
    }

    [Fact]
    public void Norms_and_log_sums_follow_their_formulas()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(3, -4);
        x.norm().item<double>().Should().BeApproximately(5, 1e-12);
        linalg.vector_norm(x, 1).item<double>().Should().BeApproximately(7, 1e-12);
        Numbers.ShouldBe(Sample().norm(1), [Math.Sqrt(14), Math.Sqrt(122)]);
        Numbers.ShouldBe(Sample().logsumexp(1), [3 + Math.Log(Math.Exp(-2) + Math.Exp(-1) + 1), 9 + Math.Log(Math.Exp(-5) + Math.Exp(-4) + 1)]);
    }

    [Fact]
    public void Gradients_of_reductions_are_those_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        Numbers.CheckGradients(x => x[0].mean([0]), Sample());
        Numbers.CheckGradients(x => x[0].var(1), Sample());
        Numbers.CheckGradients(x => x[0].std(0), Sample());
        Numbers.CheckGradients(x => x[0].logsumexp(1), Sample());
        Numbers.CheckGradients(x => x[0].max(1).values, Sample());
        Numbers.CheckGradients(x => x[0].norm(), Sample());
        Numbers.CheckGradients(x => x[0].cumsum(0), Sample());
        Numbers.CheckGradients(x => x[0].prod(1), Sample());
    }

    [Fact]
    public void The_best_k_and_the_order_come_with_indices()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 3, 1, 2, 5, 9, 4 }, [2, 3]);
        var (values, indexes) = x.topk(2);
        Numbers.ShouldBe(values, [3, 2, 9, 5]);
        Numbers.ShouldBe(indexes, [0, 2, 1, 0]);
        var (sorted, order) = x.sort(descending: false);
        Numbers.ShouldBe(sorted, [1, 2, 3, 4, 5, 9]);
        Numbers.ShouldBe(order, [1, 2, 0, 2, 0, 1]);
        Numbers.ShouldBe(x.argsort(descending: true), [0, 2, 1, 1, 0, 2]);
        Numbers.CheckGradients(t => t[0].topk(2).values, x);
    }
}
