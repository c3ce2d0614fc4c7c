using System.Buffers.Binary;
using CoMiGS.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    private string File1 => Path.Combine(_folder, "a.safetensors");

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Tensors_of_every_type_come_back_unchanged(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var value = arange(6).reshape(2, 3).to(type);

        SafetensorsFile.Write(File1, [("x", value), ("scalar", value[1, 2]), ("none", value[0..0])], new Dictionary<string, string> { ["made"] = "here" });

        var read = SafetensorsFile.Read(File1);
        read.Keys.Should().Equal("x", "scalar", "none");
        read["x"].dtype.Should().Be(type);
        read["x"].Equals(value).Should().BeTrue();
        read["scalar"].shape.Should().BeEmpty();
        read["scalar"].Equals(value[1, 2]).Should().BeTrue();
        read["none"].shape.Should().Equal(0, 3);
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
    public void Every_tensor_starts_at_a_multiple_of_its_width_so_that_other_readers_can_map_it()
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(File1, [("a", ones(3, int8)), ("b", ones(3, bfloat16)), ("c", ones(1)), ("d", ones(1, int64))]);

        SafetensorsFile.Read(File1).Keys.Should().Equal("a", "b", "c", "d");
        var header = System.Text.Encoding.UTF8.GetString(File.ReadAllBytes(File1));
        header.Should().Contain("\"data_offsets\":[18,21]").And.Contain("\"data_offsets\":[12,18]").And.Contain("\"data_offsets\":[8,12]").And.Contain("\"data_offsets\":[0,8]");
    }

    [Fact]
    public void A_transposed_view_is_written_in_its_own_order()
    {
        using var scope = NewDisposeScope();
        var value = arange(6).reshape(2, 3).t();

        SafetensorsFile.Write(File1, [("x", value)]);

        SafetensorsFile.Read(File1)["x"].Equals(value).Should().BeTrue();
    }

    [Fact]
    public void A_view_of_several_windows_is_written_in_its_own_order()
    {
        using var scope = NewDisposeScope();
        var value = arange(3 * 5_000_011, int16).reshape(5_000_011, 3).t(); // (3, 5000011), a row of 10 MB

        SafetensorsFile.Write(File1, [("x", value)]);

        SafetensorsFile.Read(File1)["x"].Equals(value).Should().BeTrue();
    }

    [Fact]
    public void Tensors_that_are_made_one_after_another_are_not_kept()
    {
        using var scope = NewDisposeScope();
        var before = LiveTensors.Count();
        var most = 0L;

        SafetensorsFile.Write(File1, Enumerable.Range(0, 20).Select(i => new SafetensorsSource($"x{i}", ScalarType.Int32, [2], () =>
        {
            most = Math.Max(most, Tensor.TotalCount - before);
            return full(2, i, int32);
        })));

        most.Should().BeLessThan(5);
        SafetensorsFile.Read(File1)["x7"].data<int>().ToArray().Should().Equal(7, 7);
    }

    [Fact]
    public void A_tensor_that_is_not_as_announced_leaves_the_file_as_it_was()
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(File1, [("x", ones(1))]);

        var act = () => SafetensorsFile.Write(File1, [new SafetensorsSource("y", ScalarType.Float32, [2], () => ones(3))]);

        act.Should().Throw<ArgumentException>().WithMessage("*'y'*announced as Float32 [2], but is Float32 [3]*");
        SafetensorsFile.Read(File1).Keys.Should().Equal("x");
    }

    [Theory]
    [InlineData("x", "*'x' is given twice*")]
    [InlineData("__metadata__", "*'__metadata__', which the format keeps*")]
    public void A_name_that_the_format_cannot_hold_is_refused(string name, string reason)
    {
        using var scope = NewDisposeScope();

        var act = () => SafetensorsFile.Write(File1, [("x", ones(1)), (name, ones(1))]);

        act.Should().Throw<ArgumentException>().WithMessage(reason);
        File.Exists(File1).Should().BeFalse();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
