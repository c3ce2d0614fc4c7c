namespace CoMiGS.Torch.Tests.Tensors;

public sealed class IndexTests
{
    private static Tensor Sample() => arange(24, ScalarType.Float64).reshape(2, 3, 4);

    [Fact]
    public void Positions_slices_and_new_dimensions_select_views()
    {
        using var scope = NewDisposeScope();
        var x = Sample();
        x[1, 2, 3].item<double>().Should().Be(23);
        Numbers.ShouldBe(x[0, 1], [4, 5, 6, 7]);
        Numbers.ShouldBe(x[TensorIndex.Ellipsis, 0], [0, 4, 8, 12, 16, 20]);
        Numbers.ShouldBe(x[0, TensorIndex.Slice(1, 3), TensorIndex.Slice(null, null, 2)], [4, 6, 8, 10]);
        Numbers.ShouldBe(x[1, TensorIndex.Colon, -1], [15, 19, 23]);
        Numbers.ShouldBe(x[0, .., ^1], [3, 7, 11]);
        x[TensorIndex.None, 0].shape.Should().Equal(1, 3, 4);
        Numbers.ShouldBe(x[0].slice(0, 0, 3, 2), [0, 1, 2, 3, 8, 9, 10, 11]);
        Numbers.ShouldBe(x.narrow(1, 1, 1), [4, 5, 6, 7, 16, 17, 18, 19]);
    }

    [Fact]
    public void Masks_and_lists_of_positions_select_copies()
    {
        using var scope = NewDisposeScope();
        var x = Sample()[0];
        Numbers.ShouldBe(x[x > 8], [9, 10, 11]);
        Numbers.ShouldBe(x[tensor(new long[] { 2, 0 })], [8, 9, 10, 11, 0, 1, 2, 3]);
        Numbers.ShouldBe(x[TensorIndex.Colon, TensorIndex.Tensor(tensor(new long[] { 3, 1 }))], [3, 1, 7, 5, 11, 9]);
        Numbers.ShouldBe(x[tensor(new long[] { 0, 2 }), tensor(new long[] { 1, 3 })], [1, 11]);
        Numbers.ShouldBe(x.masked_select(x < 2), [0, 1]);
        Numbers.ShouldBe((x > 9).nonzero(), [2, 2, 2, 3]);
        x[TensorIndex.Bool(true)].shape.Should().Equal(1, 3, 4);
    }

    [Fact]
    public void Parts_are_written_in_place()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3, ScalarType.Float64);
        x[0] = Numbers.Vector(1, 2, 3);
        x[1, TensorIndex.Slice(1)] = Numbers.Vector(8, 9);
        x[x == 8] = tensor(7.0);
        x.index_put_(5, TensorIndex.Single(1), TensorIndex.Single(0));
        Numbers.ShouldBe(x, [1, 2, 3, 5, 7, 9]);
        x.index_put_(Numbers.Vector(10, 10), [tensor(new long[] { 0, 0 }), tensor(new long[] { 1, 1 })], accumulate: true);
        Numbers.ShouldBe(x, [1, 22, 3, 5, 7, 9]);
    }

    [Fact]
    public void Gathering_and_scattering_are_inverse()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        var index = tensor(new long[] { 2, 0, 1, 1 }, [2, 2]);
        var taken = x.gather(1, index);
        Numbers.ShouldBe(taken, [3, 1, 5, 5]);
        Numbers.ShouldBe(zeros(2, 3, ScalarType.Float64).scatter_add_(1, index, taken), [1, 0, 3, 0, 10, 0]);
        Numbers.ShouldBe(zeros(2, 3, ScalarType.Float64).scatter(1, tensor(new long[] { 0, 1 }, [2, 1]), ones(2, 1, ScalarType.Float64)), [1, 0, 0, 0, 1, 0]);
        Numbers.CheckGradients(t => t[0].gather(1, index), x);
        Numbers.CheckGradients(t => t[0].scatter_add(1, index, t[1]), Numbers.Matrix(2, 3), Numbers.Matrix(2, 2));
    }

    [Fact]
    public void Rows_are_selected_added_and_copied()
    {
        using var scope = NewDisposeScope();
        var rows = tensor(new long[] { 1, 1, 0 });
        var x = Numbers.Matrix(2, 3);
        Numbers.ShouldBe(x.index_select(0, rows), [.. Numbers.Of(x[1]), .. Numbers.Of(x[1]), .. Numbers.Of(x[0])]);
        Numbers.ShouldBe(zeros(2, 1, ScalarType.Float64).index_add_(0, rows, tensor(new double[] { 1, 2, 3 }, [3, 1]), 2), [6, 6]);
        Numbers.ShouldBe(zeros(2, ScalarType.Float64).index_copy_(0, tensor(new long[] { 1 }), Numbers.Vector(4)), [0, 4]);
        Numbers.CheckGradients(t => t[0].index_select(0, rows), Numbers.Matrix(2, 3));
        Numbers.CheckGradients(t => t[0].index_add(0, rows, t[1], 2), Numbers.Matrix(2, 2), Numbers.Matrix(3, 2));
    }

    [Fact]
    public void Masks_replace_and_choose()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(1, -2, 3);
        Numbers.ShouldBe(x.masked_fill(x < 0, 9), [1, 9, 3]);
        Numbers.ShouldBe(where(x < 0, -x, x), [1, 2, 3]);
        Numbers.CheckGradients(t => where(t[0] < 0, t[0].square(), t[0]), Numbers.Vector(1, -2, 3));
        Numbers.CheckGradients(t => t[0].masked_fill(t[0] < 0, 9), Numbers.Vector(1, -2, 3));
    }
}
