using System.Buffers.Binary;
using System.Text;
using CoMiGS.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    private string File1 => Path.Combine(_folder, "a.safetensors");

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Tensors_of_every_type_come_back_unchanged(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var value = arange(6).reshape(2, 3).to(type);

        SafetensorsFile.Write(File1, [("x", value), ("scalar", value[1, 2])], new Dictionary<string, string> { ["made"] = "here" });

        var read = SafetensorsFile.Read(File1);
        read.Keys.Should().Equal("x", "scalar");
        read["x"].dtype.Should().Be(type);
        read["x"].Equals(value).Should().BeTrue();
        read["scalar"].shape.Should().BeEmpty();
        SafetensorsFile.ReadMetadata(File1).Should().Contain("made", "here");
    }

    [Fact]
    public void The_header_is_padded_so_that_data_starts_at_a_multiple_of_eight()
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(File1, [("x", ones(3))]);

        var bytes = File.ReadAllBytes(File1);
        (BinaryPrimitives.ReadUInt64LittleEndian(bytes) % 8).Should().Be(0);
        MemoryExtensions.SequenceEqual<byte>(bytes.AsSpan(bytes.Length - 4), [0, 0, 0x80, 0x3F]).Should().BeTrue();
    }

    [Fact]
    public void A_transposed_view_is_written_in_its_own_order()
    {
        using var scope = NewDisposeScope();
        var value = arange(6).reshape(2, 3).t();

        SafetensorsFile.Write(File1, [("x", value)]);

        SafetensorsFile.Read(File1)["x"].Equals(value).Should().BeTrue();
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 8, "does not fit its 4 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "do not lie in the 4 bytes of data")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "do not lie in")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "does not fit")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "does not fit")]
    [InlineData("""{"x":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8, "type is 'C64'")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "inside the tensor that ends at 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "occurs twice")]
    [InlineData("""{"x":{"dtype":"F32"}}""", 0, "no valid safetensors header")]
    [InlineData("""[1,2]""", 0, "no valid safetensors header")]
    [InlineData("""{"x":""", 0, "no valid safetensors header")]
    public void A_header_that_lies_is_refused_with_the_reason(string json, int dataBytes, string reason)
    {
        var header = Encoding.UTF8.GetBytes(json);
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)header.Length);
        header.CopyTo(bytes, 8);
        File.WriteAllBytes(File1, bytes);

        var act = () => SafetensorsFile.Read(File1);

        act.Should().Throw<SafetensorsException>().WithMessage($"*a.safetensors*{reason}*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_file_shorter_than_its_length_field_is_refused(int bytes)
    {
        File.WriteAllBytes(File1, new byte[bytes]);

        var act = () => SafetensorsFile.Read(File1);

        act.Should().Throw<SafetensorsException>().WithMessage($"*has {bytes} bytes*");
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused_without_taking_memory_for_it()
    {
        File.WriteAllBytes(File1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1, 2]);

        var act = () => SafetensorsFile.Read(File1);

        act.Should().Throw<SafetensorsException>().WithMessage("*claims 9223372036854775807 bytes*");
    }

    [Fact]
    public void A_name_given_twice_is_refused()
    {
        using var scope = NewDisposeScope();

        var act = () => SafetensorsFile.Write(File1, [("x", ones(1)), ("x", ones(1))]);

        act.Should().Throw<ArgumentException>().WithMessage("*'x' is given twice*");
        File.Exists(File1).Should().BeFalse();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
