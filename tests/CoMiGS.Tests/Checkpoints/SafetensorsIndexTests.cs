using System.Text.Json;
using CoMiGS.Checkpoints;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class SafetensorsIndexTests : IDisposable
{
    private const string First = "model-00001-of-00002.safetensors", Second = "model-00002-of-00002.safetensors";

    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    private string Index => Path.Combine(_folder, "model.safetensors.index.json");

    [Theory]
    [InlineData("")]
    [InlineData("model.safetensors.index.json")]
    public void Shards_read_as_one_checkpoint(string opened)
    {
        using var scope = NewDisposeScope();
        Shard(First, ("a", 1), ("b", 2));
        Shard(Second, ("c", 3));
        WriteIndex(("a", First), ("b", First), ("c", Second));

        using var reader = SafetensorsReader.Open(Path.Combine(_folder, opened));

        reader.Entries.Select(e => e.Name).Should().Equal("a", "b", "c");
        reader["c"].File.Should().Be(Path.Combine(_folder, Second));
        reader.Read("b").item<float>().Should().Be(2);
        reader.Read("c").item<float>().Should().Be(3);
    }

    [Fact]
    public void Missing_shards_are_all_named_with_a_tensor_they_should_hold()
    {
        WriteIndex(("a", First), ("b", First), ("c", Second));

        var act = () => SafetensorsReader.Open(_folder);

        act.Should().Throw<SafetensorsException>().WithMessage($"*index.json'*2 of 2 shards are missing*'{First}'*'a'*'{Second}'*'c'*");
    }

    [Fact]
    public void Everything_in_which_index_and_shards_differ_is_listed_at_once()
    {
        using var scope = NewDisposeScope();
        Shard(First, ("a", 1), ("twice", 2), ("extra", 3));
        Shard(Second, ("moved", 4), ("twice", 5));
        WriteIndex(("a", First), ("twice", First), ("moved", First), ("gone", Second));

        var act = () => SafetensorsReader.Open(_folder);

        act.Should().Throw<SafetensorsException>().Which.Message.Split('\n').Skip(1).Select(line => line.Trim()).Should().Equal(
            $"- tensor 'twice': it is in '{First}' and once more in '{Second}'.",
            $"- tensor 'moved': it should be in '{First}', but is in '{Second}'.",
            $"- tensor 'gone': it should be in '{Second}', but is in no shard.",
            $"- tensor 'extra': it is in '{First}', but the index does not name it.");
    }

    [Fact]
    public void A_long_list_of_differences_is_cut_with_their_count()
    {
        using var scope = NewDisposeScope();
        Shard(First, [.. Enumerable.Range(0, 50).Select(i => ($"x{i}", 1f))]);
        WriteIndex(("x0", First));

        var act = () => SafetensorsReader.Open(_folder);

        act.Should().Throw<SafetensorsException>().WithMessage("*'x20'*and 29 more");
    }

    [Theory]
    [InlineData("""{"weight_map":{"x":"../model.safetensors"}}""", "tensor 'x': *'../model.safetensors'; it must be the plain name")]
    [InlineData("""{"weight_map":{"x":"/etc/passwd"}}""", "tensor 'x': *plain name")]
    [InlineData("""{"weight_map":{"x":"a\\b"}}""", "tensor 'x': *plain name")]
    [InlineData("""{"weight_map":{"x":".."}}""", "tensor 'x': *plain name")]
    [InlineData("""{"weight_map":{"x":""}}""", "tensor 'x': *plain name")]
    [InlineData("""{"weight_map":{"x":1}}""", "cannot be read")]
    [InlineData("""{"weight_map":{"x":"a","x":"b"}}""", "tensor 'x': The name occurs twice")]
    [InlineData("""{"weight_map":[]}""", "cannot be read")]
    [InlineData("""{"weight_map":{"\ud800":"a"}}""", "cannot be read")]
    [InlineData("""{"a":[[[[[[[[[[1]]]]]]]]]]}""", "cannot be read*depth")]
    [InlineData("""{}""", "no weight_map")]
    [InlineData("""[]""", "no weight_map")]
    [InlineData("""{""", "cannot be read")]
    public void An_index_that_cannot_be_right_is_refused(string json, string reason)
    {
        File.WriteAllText(Index, json);

        var act = () => SafetensorsReader.Open(_folder);

        act.Should().Throw<SafetensorsException>().WithMessage($"'*index.json'*{reason}*");
    }

    [Fact]
    public void A_single_file_counts_before_an_index()
    {
        using var scope = NewDisposeScope();
        Shard("model.safetensors", ("single", 1));
        WriteIndex(("a", First));

        using var reader = SafetensorsReader.Open(_folder);

        reader.Entries.Should().ContainSingle().Which.Name.Should().Be("single");
    }

    private void Shard(string file, params (string Name, float Value)[] tensors) =>
        SafetensorsFile.Write(Path.Combine(_folder, file), tensors.Select(t => (t.Name, tensor(t.Value))));

    private void WriteIndex(params (string Tensor, string File)[] map) =>
        File.WriteAllText(Index, JsonSerializer.Serialize(new { metadata = new { total_size = 1 }, weight_map = map.ToDictionary(m => m.Tensor, m => m.File) }));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
