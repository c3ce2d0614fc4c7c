namespace CoMiGS.Repository.Tests.Architecture;

/// <summary>Which folder of <c>src/CoMiGS</c> may know which; the picture is in <c>docs/map.md</c>.</summary>
internal static class Arrows
{
    /// <summary>A folder and all others whose types it may name. The root, which knows all, is no key; nobody may name it.</summary>
    public static IReadOnlyDictionary<string, string[]> Allowed { get; } = new Dictionary<string, string[]>
    {
        ["Validation"] = [],
        ["Diagnostics"] = [],
        ["Parameters"] = ["Diagnostics"],
        ["Kernels"] = [],
        ["Experts"] = ["Parameters"],
        ["Routing"] = ["Parameters", "Diagnostics"],
        ["Layers"] = ["Parameters", "Kernels", "Experts", "Routing", "Validation", "Diagnostics"],
        ["Planning"] = ["Parameters", "Kernels", "Experts", "Routing", "Layers"],
        ["Checkpoints"] = ["Parameters", "Experts", "Routing", "Layers", "Planning", "Validation", "Diagnostics"],
        ["Data"] = ["Parameters", "Diagnostics"],
        ["Training"] = ["Parameters", "Kernels", "Experts", "Routing", "Layers", "Checkpoints", "Data", "Validation", "Diagnostics"],
        ["Aggregation"] = ["Parameters", "Validation", "Diagnostics"],
        ["Federation"] = ["Parameters", "Experts", "Routing", "Layers", "Checkpoints", "Data", "Training", "Aggregation", "Validation", "Diagnostics"],
    };

    /// <summary>Folders that combine updates without ever seeing a model: no torch in them.</summary>
    public static IReadOnlySet<string> TorchFree { get; } = new HashSet<string> { "Aggregation", "Kernels" };
}
