using CoMiGS.Layers;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>
/// Saves and loads the adapters of a model, one folder per expert in PEFT's layout:
/// <code>
///   anna/comigs.json            roles, router and block options
///   anna/router.safetensors     the routers, if any
///   anna/generalist-0/          adapter_config.json, adapter_model.safetensors
///   anna/specialist-0/          likewise
///   anna/attention/             likewise
/// </code>
/// </summary>
public static class AdapterFolder
{
    private const string Weights = "adapter_model.safetensors";
    private const string Router = "router.safetensors";
    private static readonly Dictionary<string, string> PeftMetadata = new() { ["format"] = "pt" };

    /// <summary>Writes all adapters and routers; the folder is complete at every moment.</summary>
    /// <param name="model">The model with experts.</param>
    /// <param name="folder">Where to; replaced if it exists.</param>
    /// <exception cref="IOException">The place cannot be written to; what was there is untouched.</exception>
    public static void Save(MoeModel model, string folder) => AtomicFolder.Write(folder, root =>
    {
        foreach (var group in model.AdapterGroups())
        {
            AtomicFile.WriteText(Path.Combine(root, group.Name, "adapter_config.json"), PeftConfig.Of(group).ToJson());
            SafetensorsFile.Write(Path.Combine(root, group.Name, Weights), Tensors(group), PeftMetadata);
        }

        if (model.Routers() is { Count: > 0 } routers)
        {
            SafetensorsFile.Write(Path.Combine(root, Router), routers.Select(r => (r.Name, (Tensor)r.Value)));
        }

        AtomicFile.WriteText(Path.Combine(root, AdapterManifest.FileName), AdapterManifest.Of(model).ToJson());
    });

    /// <summary>Reads all adapters and routers into a model of the same base and options. Either everything is loaded or nothing.</summary>
    /// <param name="model">The model with experts.</param>
    /// <param name="folder">A folder that <see cref="Save"/> wrote.</param>
    /// <exception cref="InvalidDataException">The files do not fit the model; the message lists every difference.</exception>
    /// <exception cref="SafetensorsException">A file is damaged.</exception>
    public static void Load(MoeModel model, string folder)
    {
        AtomicFolder.Recover(folder);
        var differences = AdapterManifest.Read(folder).Differences(AdapterManifest.Of(model)).ToList();
        Refuse(folder, differences);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var copies = new List<(Tensor Target, Tensor Source)>();
        foreach (var group in model.AdapterGroups())
        {
            Match(Path.Combine(folder, group.Name, Weights), Tensors(group), copies, differences);
        }

        if (model.Routers() is { Count: > 0 } routers)
        {
            Match(Path.Combine(folder, Router), routers.Select(r => (r.Name, (Tensor)r.Value)), copies, differences);
        }

        Refuse(folder, differences);
        copies.ForEach(c => c.Target.copy_(c.Source));
    }

    private static IEnumerable<(string Name, Tensor Value)> Tensors(AdapterGroup group) =>
        group.Adapters.SelectMany(a => new (string, Tensor)[]
        {
            ($"base_model.model.{a.Path}.lora_A.weight", a.Adapter.A),
            ($"base_model.model.{a.Path}.lora_B.weight", a.Adapter.B),
        });

    private static void Match(string file, IEnumerable<(string Name, Tensor Value)> wanted, List<(Tensor, Tensor)> copies, List<string> differences)
    {
        var found = SafetensorsFile.Read(file);
        foreach (var (name, target) in wanted)
        {
            if (!found.TryGetValue(name, out var source))
            {
                differences.Add($"'{file}' lacks the tensor '{name}'.");
            }
            else if (!source.shape.SequenceEqual(target.shape))
            {
                differences.Add($"'{file}', tensor '{name}': its shape is [{string.Join(", ", source.shape)}], but the model needs [{string.Join(", ", target.shape)}].");
            }
            else
            {
                copies.Add((target, source));
            }
        }
    }

    private static void Refuse(string folder, List<string> differences)
    {
        if (differences.Count > 0)
        {
            throw new InvalidDataException($"The adapters in '{folder}' do not fit the model:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", differences)}");
        }
    }
}
