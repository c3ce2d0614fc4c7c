using System.Text.Json.Nodes;
using CoMiGS.Checkpoints;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests;

/// <summary>A small checkpoint in a folder of its own, to be changed and loaded.</summary>
internal sealed class SavedCheckpoint : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("comigs");

    public SavedCheckpoint(LanguageModel model) => Pretrained.Save(model, Folder);

    public string Folder => Path.Combine(_parent.FullName, "checkpoint");

    /// <summary>Changes the configuration.</summary>
    public SavedCheckpoint WithConfig(Action<JsonObject> change)
    {
        var path = Path.Combine(Folder, "config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(config);
        File.WriteAllText(path, config.ToJsonString());
        return this;
    }

    /// <summary>Changes the tensors; sharded into files of at most so many bytes where a limit is given.</summary>
    public SavedCheckpoint WithTensors(Func<IEnumerable<(string Name, Tensor Value)>, IEnumerable<(string Name, Tensor Value)>> change, long? maximumShardBytes = null)
    {
        using var scope = NewDisposeScope();
        var tensors = change(SafetensorsFile.Read(Folder).Select(t => (t.Key, t.Value))).ToList();
        File.Delete(Path.Combine(Folder, "model.safetensors"));
        SafetensorsFile.WriteSharded(Folder, tensors, maximumShardBytes ?? long.MaxValue);
        return this;
    }

    public void Dispose() => _parent.Delete(recursive: true);
}
