using CoMiGS.Checkpoints;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class SafetensorsReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    private string Single => Path.Combine(_folder, "model.safetensors");

    [Fact]
    public void A_file_made_by_hand_is_read_bit_by_bit()
    {
        HandMadeFile.Write(
            Single,
            """{"half":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},"brain":{"dtype":"BF16","shape":[1,2],"data_offsets":[0,4]}}""",
            0x80, 0x3F, 0x00, 0xC0, 0x00, 0x3C, 0x00, 0x7C);

        using var reader = SafetensorsReader.Open(Single);

        reader.Entries.Select(e => e.ToString()).Should().Equal("F16 [2]", "BF16 [1, 2]");
        reader["brain"].Should().BeEquivalentTo(new { Name = "brain", Type = ScalarType.BFloat16, Shape = new long[] { 1, 2 }, ByteLength = 4L, File = Single });
        reader.Read("brain").to(ScalarType.Float32).data<float>().ToArray().Should().Equal(1, -2);
        reader.Read("half").to(ScalarType.Float32).data<float>().ToArray().Should().Equal(1, float.PositiveInfinity);
    }

    [Theory]
    [InlineData(ScalarType.Float16, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32, ScalarType.Float16)]
    [InlineData(ScalarType.Float64, ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16, ScalarType.Float64)]
    [InlineData(ScalarType.Float32, ScalarType.Float32)]
    public void Numbers_are_converted_to_the_destinations_type(ScalarType from, ScalarType to)
    {
        var value = randn(7, 5).to(from);
        SafetensorsFile.Write(Single, [("x", value)]);
        using var reader = SafetensorsReader.Open(_folder);
        var destination = zeros(7, 5, to);

        reader.CopyTo("x", destination);

        destination.Equals(value.to(to)).Should().BeTrue();
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_matrix_of_several_windows_is_transposed_on_the_way(ScalarType to)
    {
        var value = randn(3, 5_000_011); // rows longer than a window
        SafetensorsFile.Write(Single, [("wide", value), ("tall", value.t())]);
        using var reader = SafetensorsReader.Open(Single);
        var (tall, wide) = (zeros(5_000_011, 3, to), zeros(3, 5_000_011, to));

        reader.CopyTo("wide", tall, transposed: true);
        reader.CopyTo("tall", wide, transposed: true);

        tall.Equals(value.t().to(to)).Should().BeTrue();
        wide.Equals(value.to(to)).Should().BeTrue();
    }

    [Fact]
    public void A_view_of_a_larger_tensor_is_filled_and_nothing_beside_it()
    {
        SafetensorsFile.Write(Single, [("x", arange(6, float32).reshape(2, 3))]);
        using var reader = SafetensorsReader.Open(Single);
        var whole = zeros(4, 5);

        reader.CopyTo("x", whole[1..3, 1..4]);

        whole.sum().item<float>().Should().Be(15);
        whole[2, 3].item<float>().Should().Be(5);
    }

    [Fact]
    public void A_parameter_that_requires_a_gradient_is_filled_in_place()
    {
        SafetensorsFile.Write(Single, [("x", full(new long[] { 2 }, 3f))]);
        using var reader = SafetensorsReader.Open(Single);
        var parameter = new Parameter(zeros(2));

        reader.CopyTo("x", parameter);

        parameter.requires_grad.Should().BeTrue();
        parameter.detach().data<float>().ToArray().Should().Equal(3, 3);
    }

    [Fact]
    public void Reading_leaves_no_tensor_behind()
    {
        SafetensorsFile.Write(Single, [("x", ones(5_000_000)), ("y", ones(3, 4))]);
        using var reader = SafetensorsReader.Open(Single);
        var (x, y) = (zeros(5_000_000, bfloat16), zeros(4, 3));
        var before = LiveTensors.Count();

        reader.CopyTo("x", x);
        reader.CopyTo("y", y, transposed: true);

        Tensor.TotalCount.Should().Be(before);
    }

    [Theory]
    [InlineData(false, "cannot fill a tensor of shape [3, 2]")]
    [InlineData(true, "F32 [2, 3], to be transposed, and cannot fill a tensor of shape [2, 3]")]
    public void A_destination_of_another_shape_is_refused_untouched(bool transposed, string reason)
    {
        SafetensorsFile.Write(Single, [("x", ones(2, 3))]);
        using var reader = SafetensorsReader.Open(Single);
        var destination = transposed ? zeros(2, 3) : zeros(3, 2);

        reader.Invoking(r => r.CopyTo("x", destination, transposed)).Should().Throw<ArgumentException>().WithMessage($"'{Single}', tensor 'x'*{reason}*");

        destination.sum().item<float>().Should().Be(0);
    }

    [Fact]
    public void Whole_numbers_are_not_converted()
    {
        SafetensorsFile.Write(Single, [("x", ones(2, int64))]);
        using var reader = SafetensorsReader.Open(Single);

        reader.Invoking(r => r.CopyTo("x", zeros(2))).Should().Throw<ArgumentException>().WithMessage("*tensor 'x': it is I64 [2] and cannot fill a tensor of type Float32*");
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named()
    {
        SafetensorsFile.Write(Single, [("x", ones(2))]);
        using var reader = SafetensorsReader.Open(Single);

        reader.Contains("x").Should().BeTrue();
        reader.Contains("y").Should().BeFalse();
        reader.Invoking(r => r.Read("y")).Should().Throw<SafetensorsException>().WithMessage("*tensor 'y': There is no such tensor among the 1*");
    }

    [Fact]
    public void A_file_that_shrinks_after_it_was_opened_is_noticed()
    {
        SafetensorsFile.Write(Single, [("x", ones(100_000))]);
        using var reader = SafetensorsReader.Open(Single);
        using (var file = new FileStream(Single, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(1000);
        }

        reader.Invoking(r => r.Read("x")).Should().Throw<SafetensorsException>().WithMessage("*tensor 'x'*has 1000 now*");
    }

    [Fact]
    public void Nothing_to_read_is_said_with_what_was_looked_for()
    {
        Action folder = () => SafetensorsReader.Open(_folder);
        Action file = () => SafetensorsReader.Open(Single);
        Action index = () => SafetensorsReader.Open(Path.Combine(_folder, "a.index.json"));

        folder.Should().Throw<FileNotFoundException>().WithMessage("*holds neither model.safetensors nor model.safetensors.index.json*");
        file.Should().Throw<FileNotFoundException>().WithMessage($"*'{Single}'*");
        index.Should().Throw<FileNotFoundException>().WithMessage("*a.index.json*");
    }

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
