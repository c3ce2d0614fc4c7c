using System.Text.Json;
using System.Text.Json.Nodes;
using CoMiGS.Checkpoints;

namespace CoMiGS.Models.HuggingFace;

/// <summary>Writes a model into a folder in Hugging Face's layout.</summary>
internal static class CheckpointWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(LanguageModel model, string folder)
    {
        var architecture = Architecture.Of(model);
        var config = architecture.Write(model);
        config["model_type"] = architecture.ModelType;
        config["architectures"] = new JsonArray(architecture.Classes[0]);
        config["torch_dtype"] = model.parameters().First().dtype.ToString().ToLowerInvariant();
        SafetensorsFile.WriteSharded(folder, model.named_parameters().Select(p => new SafetensorsSource(
            architecture.Stored(p.name, prefixed: true),
            p.parameter.dtype,
            architecture.IsTransposed(p.name) ? [.. p.parameter.shape.Reverse()] : p.parameter.shape,
            () => architecture.IsTransposed(p.name) ? p.parameter.detach().t() : p.parameter.detach())));
        File.WriteAllText(Path.Combine(folder, ConfigFile.FileName), config.ToJsonString(Indented));
    }
}
