using System.Text.Json;
using CoMiGS.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

public sealed class SafetensorsShardingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void A_checkpoint_that_fits_into_a_file_needs_no_index()
    {
        SafetensorsFile.WriteSharded(_folder, [("a", ones(3)), ("b", ones(4))], maximumShardBytes: 28);

        Files().Should().Equal("model.safetensors");
        SafetensorsFile.Read(_folder).Keys.Should().Equal("a", "b");
    }

    [Fact]
    public void A_larger_one_is_split_where_a_file_would_be_too_large()
    {
        SafetensorsFile.WriteSharded(_folder, [("a", full(3, 1f)), ("b", full(4, 2f)), ("c", full(100, 3f)), ("d", full(1, 4f))], maximumShardBytes: 28, new Dictionary<string, string> { ["format"] = "pt" });

        Files().Should().Equal("model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors", "model.safetensors.index.json");
        using var index = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "model.safetensors.index.json")));
        index.RootElement.GetProperty("metadata").GetProperty("total_size").GetInt64().Should().Be(4 * 108);
        index.RootElement.GetProperty("weight_map").EnumerateObject().Select(p => $"{p.Name} {p.Value.GetString()![6..11]}").Should().Equal("a 00001", "b 00001", "c 00002", "d 00003");
        using var reader = SafetensorsReader.Open(_folder);
        reader.Metadata.Should().Contain("format", "pt");
        reader.Read("c").Equals(full(100, 3f)).Should().BeTrue();
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("model-00001-of-00002.safetensors")]
    [InlineData("model.safetensors.index.json")]
    public void A_checkpoint_that_is_there_is_not_overwritten(string file)
    {
        File.WriteAllText(Path.Combine(_folder, file), "mine");

        var act = () => SafetensorsFile.WriteSharded(_folder, [("a", ones(3))]);

        act.Should().Throw<IOException>().WithMessage($"*holds a checkpoint already ('{file}')*");
        Files().Should().Equal(file);
        File.ReadAllText(Path.Combine(_folder, file)).Should().Be("mine");
    }

    [Fact]
    public void A_tensor_that_fails_leaves_nothing_of_the_checkpoint()
    {
        var act = () => SafetensorsFile.WriteSharded(
            _folder,
            [new SafetensorsSource("a", ScalarType.Float32, [3], () => ones(3)), new SafetensorsSource("b", ScalarType.Float32, [3], () => throw new InvalidOperationException("no b"))],
            maximumShardBytes: 1);

        act.Should().Throw<InvalidOperationException>().WithMessage("no b");
        Files().Should().BeEmpty();
    }

    [Fact]
    public void A_shard_of_no_bytes_is_refused()
    {
        var act = () => SafetensorsFile.WriteSharded(_folder, [("a", ones(3))], maximumShardBytes: 0);

        act.Should().Throw<ArgumentOutOfRangeException>();
    }

    private IEnumerable<string?> Files() => Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
