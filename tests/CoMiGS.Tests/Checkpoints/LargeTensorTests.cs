using CoMiGS.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

/// <summary>Tensors that no .NET span can hold. What is read takes 2 GiB of memory; what is written takes 2 GiB of disk.</summary>
[Trait("Category", "Long")]
public sealed class LargeTensorTests : IDisposable
{
    private const long Rows = (1L << 20) + 3, Columns = 1L << 11;

    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    private string File1 => Path.Combine(_folder, "large.safetensors");

    [Fact]
    public void A_tensor_over_two_gibibytes_is_read_to_its_last_byte()
    {
        using var scope = NewDisposeScope();
        HandMadeFile.Write(File1, $$$"""{"x":{"dtype":"I8","shape":[{{{Rows}}},{{{Columns}}}],"data_offsets":[0,{{{Rows * Columns}}}]}}""");
        long[] marked = [0, (1L << 31) - 1, 1L << 31, (Rows * Columns) - 1];
        using (var file = File.OpenWrite(File1))
        {
            var data = file.Length;
            foreach (var place in marked)
            {
                file.Position = data + place; // what lies between is a hole, which takes no disk
                file.WriteByte(7);
            }
        }

        using var reader = SafetensorsReader.Open(File1);
        reader["x"].ByteLength.Should().BeGreaterThan(int.MaxValue);
        var value = reader.Read("x");

        var elements = value.view(-1);
        marked.Should().AllSatisfy(place => elements[place].item<sbyte>().Should().Be(7));
        new[] { 1, (1L << 31) - 2, (1L << 31) + 1, (Rows * Columns) - 2 }.Should().AllSatisfy(place => elements[place].item<sbyte>().Should().Be(0));
    }

    [Fact]
    public void A_tensor_over_two_gibibytes_is_written_to_its_last_byte_and_needs_no_memory_of_its_own()
    {
        using var scope = NewDisposeScope();
        var row = arange(Columns).remainder(101).to(ScalarType.Int8); // seen as many rows

        SafetensorsFile.Write(File1, [("x", row.expand(Rows, Columns)), ("y", ones(1))]);

        using var file = File.OpenRead(File1);
        var tail = new byte[Columns];
        file.Seek(-Columns, SeekOrigin.End);
        file.ReadExactly(tail);
        tail.Should().Equal(Enumerable.Range(0, (int)Columns).Select(i => (byte)(i % 101)));
        using var reader = SafetensorsReader.Open(File1);
        reader["x"].ByteLength.Should().Be(Rows * Columns);
        reader.Read("y").item<float>().Should().Be(1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
