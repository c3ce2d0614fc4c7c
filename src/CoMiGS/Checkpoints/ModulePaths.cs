using CoMiGS.Layers;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>Translates the paths of a model's modules to those of the class that PEFT wraps, and back.</summary>
internal sealed class ModulePaths(nn.Module model)
{
    private readonly IHuggingFaceNames? _names = model as IHuggingFaceNames;

    public bool FanInFanOut => _names?.FanInFanOut ?? false;

    public string? BaseModel => _names?.BaseModelNameOrPath;

    private string Prefix => _names?.PathPrefix ?? "";

    /// <summary>The path as PEFT knows it.</summary>
    public string ToPeft(string path) => Prefix + path;

    /// <summary>The path as this model knows it. A path without the prefix stands for itself: PEFT had the backbone alone, or an earlier version of this library wrote it.</summary>
    public string FromPeft(string path) => path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : path;

    /// <summary>The linear layers of the base model as PEFT knows them.</summary>
    public IEnumerable<string> Linears() => BaseLayers.Of(model).Keys.Select(ToPeft);
}
