namespace CoMiGS.Torch.Tests.Tensors;

public sealed class BinaryOperatorTests
{
    private static readonly double[] Left = [0.5, 1.25, 2.0, 3.5];
    private static readonly double[] Right = [1.5, 0.25, 4.0, -2.0];

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Torch, Func<double, double, double> Plain)> Table = new()
    {
        ["add"] = ((a, b) => a + b, (a, b) => a + b),
        ["sub"] = ((a, b) => a - b, (a, b) => a - b),
        ["mul"] = ((a, b) => a * b, (a, b) => a * b),
        ["div"] = ((a, b) => a / b, (a, b) => a / b),
        ["pow"] = ((a, b) => a.pow(b), Math.Pow),
        ["maximum"] = (torch.maximum, Math.Max),
        ["minimum"] = (torch.minimum, Math.Min),
        ["add with alpha"] = ((a, b) => a.add(b, 0.5), (a, b) => a + (0.5 * b)),
        ["addcmul"] = ((a, b) => a.addcmul(a, b, 2.0), (a, b) => a + (2 * a * b)),
        ["addcdiv"] = ((a, b) => a.addcdiv(a, b, 2.0), (a, b) => a + (2 * a / b)),
        ["lerp"] = ((a, b) => a.lerp(b, tensor(0.25)), (a, b) => a + (0.25 * (b - a))),
    };

    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Torch, Func<double, double, bool> Plain)> Comparisons = new()
    {
        ["=="] = ((a, b) => a == b, (a, b) => a == b),
        ["!="] = ((a, b) => a != b, (a, b) => a != b),
        ["<"] = ((a, b) => a < b, (a, b) => a < b),
        ["<="] = ((a, b) => a <= b, (a, b) => a <= b),
        [">"] = ((a, b) => a > b, (a, b) => a > b),
        [">="] = ((a, b) => a >= b, (a, b) => a >= b),
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    public static TheoryData<string> ComparisonNames => [.. Comparisons.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_are_those_of_the_plain_function(string name)
    {
        using var scope = NewDisposeScope();
        Numbers.ShouldBe(
            Table[name].Torch(Numbers.Vector(Left), Numbers.Vector(Right)), [.. Left.Zip(Right, Table[name].Plain)], 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_those_of_finite_differences(string name)
    {
        using var scope = NewDisposeScope();
        Numbers.CheckGradients(x => Table[name].Torch(x[0], x[1]), Numbers.Vector(Left), Numbers.Vector(Right));
    }

    [Theory]
    [MemberData(nameof(ComparisonNames))]
    public void Comparisons_are_element_by_element(string name)
    {
        using var scope = NewDisposeScope();
        double[] left = [1, 2, 3];
        double[] right = [1, 3, 2];
        var result = Comparisons[name].Torch(Numbers.Vector(left), Numbers.Vector(right));
        result.dtype.Should().Be(ScalarType.Bool);
        Numbers.ShouldBe(result, [.. left.Zip(right, (a, b) => Comparisons[name].Plain(a, b) ? 1.0 : 0.0)]);
    }

    [Fact]
    public void Rows_and_columns_are_broadcast_and_their_gradients_summed()
    {
        using var scope = NewDisposeScope();
        var column = Numbers.Vector(1, 2).unsqueeze(1); // (2, 1)
        var row = Numbers.Vector(10, 20, 30); // (3)
        Numbers.ShouldBe(column + row, [11, 21, 31, 12, 22, 32]);
        Numbers.CheckGradients(x => x[0] * x[1], Numbers.Vector(1, 2).unsqueeze(1), Numbers.Vector(10, 20, 30));
    }

    [Fact]
    public void In_place_operators_return_the_same_object()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(1, 2);
        x.add_(1).Should().BeSameAs(x);
        x.mul_(Numbers.Vector(2, 3)).Should().BeSameAs(x);
        x.sub_(1.5).div_(0.5).Should().BeSameAs(x);
        Numbers.ShouldBe(x, [5, 15]);
        var last = x.addcmul_(x, x, 0.1).addcdiv_(x, x, 2.0).clamp_(0, 20).sqrt_().zero_().fill_(7);
#if TORCH_SYSTEM
        last.Should().BeSameAs(x); // TorchSharp returns another handle
#else
        last.Should().NotBeSameAs(x);
#endif
        Numbers.ShouldBe(x, [7, 7]);
    }

    [Fact]
    public void Division_rounds_as_asked()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(-7, 7);
        Numbers.ShouldBe(x.div(2, RoundingMode.trunc), [-3, 3]);
        Numbers.ShouldBe(x.div(2, RoundingMode.floor), [-4, 3]);
        Numbers.ShouldBe(x.remainder(4), [1, 3]);
    }

    [Fact]
    public void Whole_numbers_divide_to_real_ones()
    {
        using var scope = NewDisposeScope();
        var quotient = tensor(new long[] { 1, 2 }) / 4;
        quotient.dtype.Should().Be(ScalarType.Float32);
        Numbers.ShouldBe(quotient, [0.25, 0.5]);
    }

    [Fact]
    public void Truth_values_combine()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new[] { true, true, false, false });
        var b = tensor(new[] { true, false, true, false });
        Numbers.ShouldBe(a & b, [1, 0, 0, 0]);
        Numbers.ShouldBe(a | b, [1, 1, 1, 0]);
        Numbers.ShouldBe(a.logical_xor(b), [0, 1, 1, 0]);
        Numbers.ShouldBe(~a, [0, 0, 1, 1]);
    }

    [Fact]
    public void Closeness_is_relative_and_absolute()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(1, 1000);
        x.allclose(x + 1e-9).Should().BeTrue();
        x.allclose(Numbers.Vector(1.1, 1000)).Should().BeFalse();
        x.Equals(x.clone()).Should().BeTrue();
        Numbers.ShouldBe(x.equal(Numbers.Vector(1, 2)), [1, 0]);
    }

    [Fact]
    public void A_whole_number_leaves_whole_numbers_whole()
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(new long[] { 1, 1L << 60 });

        var result = (numbers * 2) + 1;

        result.dtype.Should().Be(ScalarType.Int64);
        result.data<long>().ToArray().Should().Equal(3, (1L << 61) + 1);
    }
}
