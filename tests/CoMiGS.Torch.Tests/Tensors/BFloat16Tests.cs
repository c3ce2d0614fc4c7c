namespace CoMiGS.Torch.Tests.Tensors;

public sealed class BFloat16Tests
{
    [Fact]
    public void Values_round_to_seven_bits_of_mantissa()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 1.0078125f, 1.00390625f, 3.14159f, 1e30f }).bfloat16();
        x.dtype.Should().Be(ScalarType.BFloat16);
        x.element_size().Should().Be(2);

        // Halfway between two values the even one is taken.
        x.@float().data<float>().ToArray()[..4].Should().Equal(1, 1.0078125f, 1, 3.140625f);
    }

    [Fact]
    public void Products_agree_with_float32_to_bfloat16_precision()
    {
        using var scope = NewDisposeScope();
        var a = Numbers.Matrix(16, 32).@float();
        var b = Numbers.Matrix(32, 8, 0.3).@float();
        var exact = a.matmul(b);
        var rounded = a.bfloat16().matmul(b.bfloat16()).@float();
        (exact - rounded).abs().max().item<float>().Should().BeLessThan(0.1f).And.BeGreaterThan(0);
    }

    [Fact]
    public void Gradients_flow_through_the_conversion()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 2 }, requires_grad: true);
        (x.bfloat16() * 3).@float().sum().backward();
        x.grad!.data<float>().ToArray().Should().Equal(3, 3);
    }
}
