namespace CoMiGS.Torch.Tests.Tensors;

public sealed class UnaryOperatorTests
{
    private static readonly double[] Points = [-2.3, -0.7, -0.1, 0.2, 0.9, 1.6];

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Torch, Func<double, double> Plain, bool Positive)> Table = new()
    {
        ["abs"] = (x => x.abs(), Math.Abs, false),
        ["neg"] = (x => -x, x => -x, false),
        ["exp"] = (x => x.exp(), Math.Exp, false),
        ["expm1"] = (x => x.expm1(), x => Math.Exp(x) - 1, false),
        ["exp2"] = (x => x.exp2(), x => Math.Pow(2, x), false),
        ["log"] = (x => x.log(), Math.Log, true),
        ["log1p"] = (x => x.log1p(), x => Math.Log(1 + x), true),
        ["log2"] = (x => x.log2(), Math.Log2, true),
        ["log10"] = (x => x.log10(), Math.Log10, true),
        ["sqrt"] = (x => x.sqrt(), Math.Sqrt, true),
        ["rsqrt"] = (x => x.rsqrt(), x => 1 / Math.Sqrt(x), true),
        ["reciprocal"] = (x => x.reciprocal(), x => 1 / x, false),
        ["square"] = (x => x.square(), x => x * x, false),
        ["pow 3"] = (x => x.pow(3), x => x * x * x, false),
        ["sin"] = (x => x.sin(), Math.Sin, false),
        ["cos"] = (x => x.cos(), Math.Cos, false),
        ["tan"] = (x => x.tan(), Math.Tan, false),
        ["tanh"] = (x => x.tanh(), Math.Tanh, false),
        ["sigmoid"] = (x => x.sigmoid(), x => 1 / (1 + Math.Exp(-x)), false),
        ["relu"] = (x => x.relu(), x => Math.Max(0, x), false),
        ["silu"] = (x => nn.functional.silu(x), x => x / (1 + Math.Exp(-x)), false),
        ["gelu tanh"] = (x => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
            x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))), false),
        ["softplus"] = (x => x.softplus(), x => Math.Log(1 + Math.Exp(x)), false),
        ["clamp"] = (x => x.clamp(-0.5, 1.0), x => Math.Clamp(x, -0.5, 1.0), false),
        ["2 - x"] = (x => 2.0 - x, x => 2 - x, false),
        ["2 / x"] = (x => 2.0 / x, x => 2 / x, false),
        ["x / 4"] = (x => x / 4, x => x / 4, false),
        ["3 x + 1"] = (x => (3 * x) + 1.0, x => (3 * x) + 1, false),
    };

    public static TheoryData<string> Names => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_are_those_of_the_plain_function(string name)
    {
        using var scope = NewDisposeScope();
        var (torchFunction, plain, positive) = Table[name];
        var points = Points.Where(p => !positive || p > 0).ToArray();
        Numbers.ShouldBe(torchFunction(Numbers.Vector(points)), [.. points.Select(plain)], 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_are_those_of_finite_differences(string name)
    {
        using var scope = NewDisposeScope();
        var (torchFunction, _, positive) = Table[name];
        Numbers.CheckGradients(x => torchFunction(x[0]), Numbers.Vector([.. Points.Where(p => !positive || p > 0)]));
    }

    [Fact]
    public void Exact_gelu_follows_the_normal_distribution()
    {
        using var scope = NewDisposeScope();
        Numbers.ShouldBe(Numbers.Vector(-1, 0, 1, 2).gelu(), [-0.15865525393145707, 0, 0.8413447460685429, 1.9544997361036416], 1e-12);
        Numbers.CheckGradients(x => x[0].gelu(), Numbers.Vector(Points));
    }

    [Fact]
    public void Rounding_goes_to_even_and_signs_are_kept()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(-1.5, -0.5, 0.5, 1.5, 2.5);
        Numbers.ShouldBe(x.round(), [-2, 0, 0, 2, 2]);
        Numbers.ShouldBe(x.floor(), [-2, -1, 0, 1, 2]);
        Numbers.ShouldBe(x.ceil(), [-1, 0, 1, 2, 3]);
        Numbers.ShouldBe(x.trunc(), [-1, 0, 0, 1, 2]);
        Numbers.ShouldBe(x.sign(), [-1, -1, 1, 1, 1]);
    }

    [Fact]
    public void Finite_infinite_and_no_numbers_are_told_apart()
    {
        using var scope = NewDisposeScope();
        var x = Numbers.Vector(1, double.PositiveInfinity, double.NegativeInfinity, double.NaN);
        Numbers.ShouldBe(x.isfinite(), [1, 0, 0, 0]);
        Numbers.ShouldBe(x.isinf(), [0, 1, 1, 0]);
        Numbers.ShouldBe(x.isnan(), [0, 0, 0, 1]);
        x.isfinite().all().item<bool>().Should().BeFalse();
        x.isnan().any().item<bool>().Should().BeTrue();
    }
}
