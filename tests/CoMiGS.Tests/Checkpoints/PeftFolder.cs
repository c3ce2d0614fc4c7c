using System.Text.Json;
using System.Text.Json.Nodes;
using CoMiGS.Checkpoints;
using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Tests.Checkpoints;

/// <summary>An adapter folder as PEFT would write it, with whatever a test wants to be wrong about it.</summary>
internal sealed class PeftFolder
{
    private readonly JsonObject _config;
    private readonly Dictionary<string, (long[] Shape, float[] Values, ScalarType Type)> _tensors = [];
    private SeededRandom _random = new(5);

    public PeftFolder(params (string Path, long Inputs, long Outputs, long Rank)[] layers)
    {
        _config = new()
        {
            ["peft_type"] = "LORA",
            ["r"] = layers.Length == 0 ? 8 : layers[0].Rank,
            ["target_modules"] = new JsonArray([.. layers.Select(l => JsonValue.Create(l.Path))]),
        };
        foreach (var (path, inputs, outputs, rank) in layers)
        {
            Set($"base_model.model.{path}.lora_A.weight", [rank, inputs]);
            Set($"base_model.model.{path}.lora_B.weight", [outputs, rank]);
        }
    }

    /// <summary>The feed-forwards of <see cref="Models.Tiny"/>, as one of its experts adapts them.</summary>
    public static PeftFolder Expert(long rank = 8) => new([.. Enumerable.Range(0, 2).SelectMany(i => new[]
    {
        ($"transformer.h.{i}.mlp.c_fc", 16L, 64L, rank), ($"transformer.h.{i}.mlp.c_proj", 64L, 16L, rank),
    })]);

    public IEnumerable<string> Keys => _tensors.Keys;

    public long[] Shape(string key) => _tensors[key].Shape;

    public PeftFolder With(string field, string json)
    {
        _config[field] = JsonNode.Parse(json);
        return this;
    }

    public PeftFolder Without(string field)
    {
        _config.Remove(field);
        return this;
    }

    public PeftFolder Set(string key, long[] shape, ScalarType type = ScalarType.Float32, float? value = null)
    {
        _tensors[key] = (shape, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => value ?? (((float)_random.NextDouble() - 0.5f) / 4))], type);
        return this;
    }

    public PeftFolder All(ScalarType type)
    {
        foreach (var (key, (shape, values, _)) in _tensors.ToList())
        {
            _tensors[key] = (shape, values, type);
        }

        return this;
    }

    public PeftFolder Remove(string key)
    {
        _tensors.Remove(key).Should().BeTrue();
        return this;
    }

    public PeftFolder Rename(Func<string, string> name)
    {
        var renamed = _tensors.ToDictionary(t => name(t.Key), t => t.Value);
        _tensors.Clear();
        foreach (var (key, tensor) in renamed)
        {
            _tensors[key] = tensor;
        }

        return this;
    }

    public string Write(string folder)
    {
        using var scope = NewDisposeScope();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "adapter_config.json"), _config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        SafetensorsFile.Write(
            Path.Combine(folder, "adapter_model.safetensors"),
            _tensors.Select(t => (t.Key, tensor(t.Value.Values, t.Value.Shape).to(t.Value.Type))),
            new Dictionary<string, string> { ["format"] = "pt" });
        return folder;
    }
}
