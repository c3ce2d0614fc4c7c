using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>The routers of a model in one safetensors file, by the names of their parameters.</summary>
internal static class RouterFile
{
    public const string FileName = "router.safetensors";

    public static void Write(string folder, IEnumerable<NamedParameter> routers) =>
        SafetensorsFile.Write(Path.Combine(folder, FileName), routers.Select(r => (r.Name, (Tensor)r.Value)));

    /// <summary>Stages every router, or adds to the problems every difference.</summary>
    public static void Stage(string folder, IReadOnlyList<NamedParameter> routers, StagedExperts staged, AdapterProblems problems)
    {
        var file = Path.Combine(folder, FileName);
        if (problems.Try(() => SafetensorsFile.Read(file)) is not { } found)
        {
            return;
        }

        foreach (var router in routers)
        {
            if (!found.TryGetValue(router.Name, out var value))
            {
                problems.Add($"'{file}' lacks the tensor '{router.Name}'.");
            }
            else if (!value.shape.SequenceEqual(router.Value.shape))
            {
                problems.Add($"'{file}', tensor '{router.Name}': its shape is [{string.Join(", ", value.shape)}], but the model needs [{string.Join(", ", router.Value.shape)}].");
            }
            else if (!value.isfinite().all().ToBoolean())
            {
                problems.Add($"'{file}', tensor '{router.Name}': it holds values that are not finite.");
            }
            else
            {
                staged.Add(router.Value, value);
            }
        }

        foreach (var name in found.Keys.Except(routers.Select(r => r.Name)))
        {
            problems.Add($"'{file}', tensor '{name}': the model has no place for it.");
        }
    }
}
