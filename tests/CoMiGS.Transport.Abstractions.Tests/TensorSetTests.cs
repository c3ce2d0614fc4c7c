using CoMiGS.Transport;

namespace CoMiGS.Transport.Tests;

public sealed class TensorSetTests
{
    [Fact]
    public void Specs_are_equal_when_name_type_and_shape_are()
    {
        var spec = new TensorSpec("a", TensorType.Float32, [2, 3]);

        spec.Should().Be(new TensorSpec("a", TensorType.Float32, [2, 3]));
        spec.GetHashCode().Should().Be(new TensorSpec("a", TensorType.Float32, [2, 3]).GetHashCode());
        spec.Should().NotBe(new TensorSpec("b", TensorType.Float32, [2, 3]));
        spec.Should().NotBe(new TensorSpec("a", TensorType.Float32, [3, 2]));
        spec.ToString().Should().Be("a Float32 [2, 3]");
    }

    [Fact]
    public void A_spec_without_dimensions_is_a_single_number() => new TensorSpec("a", TensorType.Float32, []).ByteCount.Should().Be(4);

    [Fact]
    public void A_negative_dimension_is_refused_with_name_and_shape() =>
        FluentActions.Invoking(() => new TensorSpec("wte", TensorType.Float32, [2, -1])).Should().Throw<ArgumentException>().WithMessage("*wte*[2, -1]*");

    [Fact]
    public void Floats_come_back_as_they_went_in()
    {
        float[] values = [1, -0.0f, float.NaN, float.MaxValue, float.Epsilon, float.NegativeInfinity];

        NamedTensor.FromFloats("a", [3, 2], values).AsFloats().ToArray().Should().Equal(values);
    }

    [Fact]
    public void Data_of_another_size_than_the_shape_is_refused_with_both() =>
        FluentActions.Invoking(() => NamedTensor.FromFloats("a", [3], new float[2])).Should().Throw<ArgumentException>().WithMessage("*a Float32 [3] takes 12 bytes, but 8*");

    [Fact]
    public void A_set_keeps_its_order_and_finds_by_name()
    {
        var set = new TensorSet([NamedTensor.FromFloats("b", [1], [1]), NamedTensor.FromFloats("a", [2], [2, 3])]);

        set.Specs.Select(spec => spec.Name).Should().Equal("b", "a");
        set["a"].AsFloats().ToArray().Should().Equal(2, 3);
        set.TryGet("c", out _).Should().BeFalse();
        set.TotalBytes.Should().Be(12);
    }

    [Fact]
    public void A_name_that_occurs_twice_is_refused_with_the_name()
    {
        var one = NamedTensor.FromFloats("a", [1], [1]);

        FluentActions.Invoking(() => new TensorSet([one, one])).Should().Throw<ArgumentException>().WithMessage("*a occurs twice*");
    }
}
