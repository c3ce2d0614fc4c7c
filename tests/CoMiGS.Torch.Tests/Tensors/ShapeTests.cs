namespace CoMiGS.Torch.Tests.Tensors;

public sealed class ShapeTests
{
    private static Tensor Sample() => arange(6, ScalarType.Float64).reshape(2, 3);

    [Fact]
    public void Views_share_memory_and_copies_do_not()
    {
        using var scope = NewDisposeScope();
        var x = Sample();
        x.view(3, 2)[0, 0] = tensor(10.0);
        x.clone()[0, 1] = tensor(20.0);
        x.t()[2, 1] = tensor(50.0);
        Numbers.ShouldBe(x, [10, 1, 2, 3, 4, 50]);
    }

    [Fact]
    public void Dimensions_move_merge_and_split()
    {
        using var scope = NewDisposeScope();
        var x = Sample();
        x.shape.Should().Equal(2, 3);
        x.stride().Should().Equal(3, 1);
        (x.dim(), x.numel(), x.size(-1)).Should().Be((2, 6, 3));
        Numbers.ShouldBe(x.t(), [0, 3, 1, 4, 2, 5]);
        Numbers.ShouldBe(x.permute(1, 0), [0, 3, 1, 4, 2, 5]);
        Numbers.ShouldBe(x.transpose(0, 1).contiguous(), [0, 3, 1, 4, 2, 5]);
        x.unsqueeze(1).shape.Should().Equal(2, 1, 3);
        x.unsqueeze(0).squeeze().shape.Should().Equal(2, 3);
        x.flatten().shape.Should().Equal(6);
        x.flatten().unflatten(0, 3, 2).shape.Should().Equal(3, 2);
        x.t().is_contiguous().Should().BeFalse();
    }

    [Fact]
    public void Repeating_and_expanding_agree_on_values()
    {
        using var scope = NewDisposeScope();
        var row = Numbers.Vector(1, 2);
        Numbers.ShouldBe(row.expand(2, 2), [1, 2, 1, 2]);
        Numbers.ShouldBe(row.repeat(2, 2), [1, 2, 1, 2, 1, 2, 1, 2]);
        Numbers.ShouldBe(row.repeat_interleave(2), [1, 1, 2, 2]);
        Numbers.CheckGradients(x => x[0].expand(3, 2) * Numbers.Matrix(3, 2), Numbers.Vector(1, 2));
    }

    [Fact]
    public void Tensors_are_cut_and_joined()
    {
        using var scope = NewDisposeScope();
        var x = Sample();
        var pieces = x.split(2, dim: 1);
        pieces.Should().HaveCount(2);
        Numbers.ShouldBe(pieces[1], [2, 5]);
        Numbers.ShouldBe(cat([pieces[0], pieces[1]], 1), [0, 1, 2, 3, 4, 5]);
        Numbers.ShouldBe(stack(x.unbind(1)), [0, 3, 1, 4, 2, 5]);
        x.chunk(3, 1).Should().HaveCount(3);
        Numbers.ShouldBe(x.split(new long[] { 1, 2 }, 1)[1], [1, 2, 4, 5]);
        Numbers.CheckGradients(t => cat([t[0], t[1].square()], 0), Sample(), Sample());
    }

    [Fact]
    public void Triangles_keep_their_side_of_the_diagonal()
    {
        using var scope = NewDisposeScope();
        var x = ones(3, 3, ScalarType.Float64);
        Numbers.ShouldBe(x.tril(), [1, 0, 0, 1, 1, 0, 1, 1, 1]);
        Numbers.ShouldBe(x.triu(1), [0, 1, 1, 0, 0, 1, 0, 0, 0]);
        Numbers.ShouldBe(eye(2), [1, 0, 0, 1]);
        Numbers.ShouldBe(diag(Numbers.Vector(1, 2)), [1, 0, 0, 2]);
    }

    [Fact]
    public void Index_notation_sums_products()
    {
        using var scope = NewDisposeScope();
        var a = Numbers.Matrix(2, 3);
        var b = Numbers.Matrix(3, 4, 0.5);
        Numbers.ShouldBe(einsum("ij,jk->ik", a, b), Numbers.Of(a.matmul(b)), 1e-12);
    }
}
