namespace CoMiGS.Torch.Tests.Tensors;

public sealed class FactoryTests
{
    [Fact]
    public void Elements_keep_the_type_of_the_array()
    {
        using var scope = NewDisposeScope();
        tensor(new float[] { 1 }).dtype.Should().Be(ScalarType.Float32);
        tensor(new double[] { 1 }).dtype.Should().Be(ScalarType.Float64);
        tensor(new long[] { 1 }).dtype.Should().Be(ScalarType.Int64);
        tensor(new int[] { 1 }).dtype.Should().Be(ScalarType.Int32);
        tensor(new short[] { 1 }).dtype.Should().Be(ScalarType.Int16);
        tensor(new byte[] { 1 }).dtype.Should().Be(ScalarType.Byte);
        tensor(new bool[] { true }).dtype.Should().Be(ScalarType.Bool);
        tensor(new float[] { 1 }, dtype: ScalarType.BFloat16).dtype.Should().Be(ScalarType.BFloat16);
        tensor(new float[,] { { 1, 2 }, { 3, 4 } }).shape.Should().Equal(2, 2);
        tensor(2.5).dtype.Should().Be(ScalarType.Float64);
        tensor(2.5f).dim().Should().Be(0);
    }

    [Fact]
    public void Factories_make_float32_unless_told_otherwise()
    {
        using var scope = NewDisposeScope();
        zeros(2, 3).dtype.Should().Be(ScalarType.Float32);
        ones([2, 3], ScalarType.Int64).sum().item<long>().Should().Be(6);
        full(2, 2, 1.5).sum().item<float>().Should().Be(6);
        full([2], 3).dtype.Should().Be(ScalarType.Int64);
        arange(5).dtype.Should().Be(ScalarType.Int64);
        Numbers.ShouldBe(arange(1, 2, 0.25), [1, 1.25, 1.5, 1.75]);
        Numbers.ShouldBe(linspace(0, 1, 5), [0, 0.25, 0.5, 0.75, 1]);
        zeros_like(arange(3)).dtype.Should().Be(ScalarType.Int64);
        Numbers.ShouldBe(full_like(zeros(2), 3), [3, 3]);
        empty(2, 0).numel().Should().Be(0);
    }

    [Fact]
    public void A_tensor_on_the_meta_device_has_a_type_and_a_shape_and_no_data()
    {
        using var scope = NewDisposeScope();
        var tensor = empty([1L << 40, 1L << 20], ScalarType.BFloat16, META);

        tensor.is_meta.Should().BeTrue();
        tensor.dtype.Should().Be(ScalarType.BFloat16);
        tensor.t().shape.Should().Equal(1L << 20, 1L << 40);
    }

    [Fact]
    public void A_tensor_from_an_array_does_not_see_later_changes()
    {
        using var scope = NewDisposeScope();
        float[,] source = { { 1, 2 }, { 3, 4 } };
        var copy = from_array(source);
        var shared = frombuffer(new double[] { 1, 2, 3, 4 }, ScalarType.Float64, count: 2, offset: 1);
        copy.shape.Should().Equal(2, 2);
        Numbers.ShouldBe(shared, [2, 3]);
    }

    [Fact]
    public void Types_and_bytes_convert()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1.5f, -2.5f });
        x.@long().data<long>().ToArray().Should().Equal(1, -2);
        x.@bool().data<bool>().ToArray().Should().Equal(true, true);
        x.@double().@float().@int().dtype.Should().Be(ScalarType.Int32);
        x.bytes.Length.Should().Be(8);
        BitConverter.ToSingle(x.bytes[4..]).Should().Be(-2.5f);
        x.bytes = new byte[8];
        Numbers.ShouldBe(x, [0, 0]);
    }

    [Fact]
    public void Single_elements_read_as_numbers()
    {
        using var scope = NewDisposeScope();
        tensor(3L).ToDouble().Should().Be(3);
        tensor(2.75).ToSingle().Should().Be(2.75f);
        tensor(2.75f).ToScalar().ToInt32().Should().Be(2);
        tensor(1).ToBoolean().Should().BeTrue();
        FluentActions.Invoking(() => zeros(2).item<float>()).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => zeros(1).item<double>()).Should().Throw<ArgumentException>().WithMessage("*Float32*");
    }

    [Fact]
    public void Elements_are_read_through_strides()
    {
        using var scope = NewDisposeScope();
        var transposed = arange(6, ScalarType.Int64).reshape(2, 3).t();
        transposed.data<long>().ToArray().Should().Equal(0, 3, 1, 4, 2, 5);
        transposed.data<long>()[1].Should().Be(3);
        transposed.data<long>()[2, 1].Should().Be(5);
        transposed.data<long>()[2, 1] = 9;
        transposed.sum().item<long>().Should().Be(19);
        FluentActions.Invoking(() => transposed.data<long>()[2] = 9).Should().Throw<IndexOutOfRangeException>();
    }

    [Fact]
    public void Text_names_shape_and_type() =>
        zeros(2, 3).ToString().Should().Contain("[2x3]").And.Contain("Float32");
}
