using System.Text;
using CoMiGS.Checkpoints;

namespace CoMiGS.Tests.Checkpoints;

public sealed class SafetensorsHeaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    private string Path1 => Path.Combine(_folder, "a.safetensors");

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "tensor 'x': *[2] of F32 does not fit its 4 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "tensor 'x': *do not lie in the 4 bytes of data")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "tensor 'x': *[4, 0] do not lie in")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "tensor 'x': *data_offsets holds -4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775808]}}""", 4, "tensor 'x': *data_offsets holds 9223372036854775808")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4, "tensor 'x': *more than 2 numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "tensor 'x': *are 1 numbers")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "tensor 'x': *does not fit")]
    [InlineData("""{"x":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}}""", 0, "tensor 'x': *does not fit")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "tensor 'x': *shape holds -1")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", 4, "tensor 'x': *shape holds 1.0")]
    [InlineData("""{"x":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4, "tensor 'x': *shape holds 1")]
    [InlineData("""{"x":{"dtype":"F32","shape":{},"data_offsets":[0,4]}}""", 4, "tensor 'x': *where an array belongs")]
    [InlineData("""{"x":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8, "tensor 'x': *type is 'C64'*F64, F32, F16, BF16")]
    [InlineData("""{"x":{"dtype":4,"shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'x': *where a string belongs")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "tensor 'y': *inside the tensor that ends at 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'y': *inside the tensor that ends at 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "tensor 'y': *begin at 8*ends at 4*no gap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "tensor 'x': *no gap")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "has 5 bytes of data, but its tensors end at 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "tensor 'x': The name occurs twice")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", 4, "tensor 'x': Its shape occurs twice")]
    [InlineData("""{"x":{"dtype":"F32"}}""", 0, "tensor 'x': It has no shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", 0, "tensor 'x': It has no data_offsets")]
    [InlineData("""{"x":{}}""", 0, "tensor 'x': It has no dtype")]
    [InlineData("""{"x":[]}""", 0, "tensor 'x': *where an object belongs")]
    [InlineData("""{"x":{"y":[[[[[[[[[[[[1]]]]]]]]]]]]}}""", 0, "tensor 'x': *no valid safetensors header*depth*")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "tensor '\\ud800': *not valid UTF-8")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "tensor '__metadata__': *1 where a string belongs")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "tensor '__metadata__': The key 'a' occurs twice")]
    [InlineData("""[1,2]""", 0, "does not begin with '{'")]
    [InlineData(""" {}""", 0, "does not begin with '{'")]
    [InlineData("", 0, "does not begin with '{'")]
    [InlineData("""{"x":""", 0, "tensor 'x': *no valid safetensors header")]
    [InlineData("""{}x""", 0, "no valid safetensors header")]
    public void A_header_that_lies_is_refused_with_the_file_the_tensor_and_the_reason(string header, int dataBytes, string reason)
    {
        HandMadeFile.Write(Path1, header, new byte[dataBytes]);

        var act = () => SafetensorsReader.Open(Path1);

        act.Should().Throw<SafetensorsException>().WithMessage($"'*a.safetensors'*{reason}*");
    }

    [Theory]
    [InlineData("{\"x", "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", "tensor 'x\uFFFDy': *not valid UTF-8")]
    [InlineData("{\"x\":{\"dtype\":\"F", "\",\"shape\":[1],\"data_offsets\":[0,4]}}", "tensor 'x': *not valid UTF-8")]
    [InlineData("{\"__metadata__\":{\"a\":\"", "\"}}", "tensor '__metadata__': *not valid UTF-8")]
    public void Text_that_is_not_utf_8_is_refused_with_the_tensor_it_belongs_to(string before, string after, string reason)
    {
        File.WriteAllBytes(Path1, HandMadeFile.Bytes([.. Encoding.UTF8.GetBytes(before), 0xC3, (byte)'y', .. Encoding.UTF8.GetBytes(after)], [0, 0, 0, 0]));

        var act = () => SafetensorsReader.Open(Path1);

        act.Should().Throw<SafetensorsException>().WithMessage($"*{reason}*");
    }

    [Fact]
    public void More_dimensions_than_torch_takes_are_refused_while_they_are_read()
    {
        HandMadeFile.Write(Path1, $$$"""{"x":{"dtype":"U8","shape":[{{{string.Join(',', Enumerable.Repeat(1, 65))}}}],"data_offsets":[0,1]}}""", 1);

        var act = () => SafetensorsReader.Open(Path1);

        act.Should().Throw<SafetensorsException>().WithMessage("*tensor 'x': Its shape has more than 64 numbers*");
    }

    [Fact]
    public void A_hostile_name_cannot_flood_or_steer_the_message()
    {
        HandMadeFile.Write(Path1, "{\"\\n\\u001b[2J" + new string('x', 100_000) + "\":{}}");

        var act = () => SafetensorsReader.Open(Path1);

        act.Should().Throw<SafetensorsException>().Which.Message.Should().NotContainAny("\n", "\u001b").And.Subject.Length.Should().BeLessThan(1000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_file_shorter_than_its_length_field_is_refused(int bytes)
    {
        File.WriteAllBytes(Path1, new byte[bytes]);

        var act = () => SafetensorsReader.Open(Path1);

        act.Should().Throw<SafetensorsException>().WithMessage($"*has {bytes} bytes*");
    }

    [Theory]
    [InlineData(0x7F, "9223372036854775807")]
    [InlineData(0xFF, "18446744073709551615")]
    public void A_header_longer_than_the_file_is_refused_without_taking_memory_for_it(byte last, string claimed)
    {
        File.WriteAllBytes(Path1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, last, 1, 2]);

        var act = () => SafetensorsReader.Open(Path1);

        act.Should().Throw<SafetensorsException>().WithMessage($"*claims {claimed} bytes*");
    }

    [Fact]
    public void A_header_above_the_cap_is_refused_even_if_the_file_is_long_enough()
    {
        using (var file = File.Create(Path1))
        {
            file.Write(BitConverter.GetBytes(100_000_001L));
            file.SetLength(100_000_009L);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var act = () => SafetensorsReader.Open(Path1);

        act.Should().Throw<SafetensorsException>().WithMessage("*claims 100000001 bytes; at most 100000000 are read*");
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000_000);
    }

    [Fact]
    public void Fields_that_the_format_may_add_are_skipped_and_metadata_is_kept()
    {
        HandMadeFile.Write(Path1, """{"__metadata__":{"format":"pt"},"x":{"later":{"a":[1]},"dtype":"U8","shape":[],"data_offsets":[0,1]}}    """, 7);

        using var reader = SafetensorsReader.Open(Path1);

        reader.Metadata.Should().Equal(new Dictionary<string, string> { ["format"] = "pt" });
        reader.Entries.Should().ContainSingle().Which.Name.Should().Be("x");
    }

    [Fact]
    public void An_empty_file_of_tensors_is_a_valid_one()
    {
        HandMadeFile.Write(Path1, "{}");

        using var reader = SafetensorsReader.Open(Path1);

        reader.Entries.Should().BeEmpty();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
