using CoMiGS.Layers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CoMiGS.Checkpoints;

/// <summary>A LoRA adapter in PEFT's layout: a folder with <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
public sealed class PeftAdapter
{
    internal const string WeightsFileName = "adapter_model.safetensors";
    private const string Pickle = "adapter_model.bin";

    private PeftAdapter(PeftConfig config, IReadOnlyList<PeftModule> modules)
    {
        Config = config;
        Modules = modules;
    }

    /// <summary>The adapted layers, in the order of the file.</summary>
    public IReadOnlyList<PeftModule> Modules { get; }

    internal PeftConfig Config { get; }

    /// <summary>Reads an adapter of this library or of PEFT; the tensors belong to the current dispose scope.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <param name="name">The sub-folder of an adapter that PEFT knew by another name than <c>default</c>. Default: none.</param>
    /// <param name="logger">Hears of fields of the configuration that are not known.</param>
    /// <exception cref="InvalidDataException">There is no such adapter, it is damaged, or it is more than plain LoRA; the message lists every reason.</exception>
    public static PeftAdapter Read(string folder, string? name = null, ILogger? logger = null)
    {
        var place = name is null ? folder : Path.Combine(folder, name);
        var problems = new AdapterProblems(place);
        var adapter = Read(place, problems, logger ?? NullLogger.Instance);
        problems.ThrowIfAny();
        return adapter!;
    }

    /// <summary>Reads what can be read and adds to the problems what keeps it from being used.</summary>
    internal static PeftAdapter? Read(string folder, AdapterProblems problems, ILogger logger)
    {
        var (file, weights) = (Path.Combine(folder, PeftConfig.FileName), Path.Combine(folder, WeightsFileName));
        if (!File.Exists(file))
        {
            problems.Add($"'{folder}' holds no {PeftConfig.FileName}.{Hint(folder)}");
            return null;
        }

        var config = PeftConfigReader.Read(file, problems, logger);
        if (!File.Exists(weights) && File.Exists(Path.Combine(folder, Pickle)))
        {
            problems.Add($"'{folder}' holds {Pickle}, a Python pickle, which may run code when it is read and is refused. Load it with PEFT and save it again with safe_serialization=True.");
            return null;
        }

        var modules = problems.Try(() => PeftTensors.Read(weights, config, problems));
        return config is null || modules is null ? null : new(config, modules);
    }

    /// <summary>The tensors of a group as PEFT calls them.</summary>
    internal static void Write(string folder, AdapterGroup group, ModulePaths paths)
    {
        AtomicFile.WriteText(Path.Combine(folder, PeftConfig.FileName), PeftConfigWriter.ToJson(PeftConfig.Of(group, paths), paths));
        SafetensorsFile.Write(
            Path.Combine(folder, WeightsFileName),
            group.Adapters.SelectMany(a => PeftTensors.Of(paths.ToPeft(a.Path), a.Adapter)),
            new Dictionary<string, string> { ["format"] = "pt" });
    }

    private static string Hint(string folder)
    {
        var named = Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Where(d => File.Exists(Path.Combine(d, PeftConfig.FileName))).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToList()
            : [];
        return named.Count == 0 ? " Give the folder that PEFT's save_pretrained wrote." : $" Its sub-folders {string.Join(", ", named)} do: name one of them.";
    }
}
