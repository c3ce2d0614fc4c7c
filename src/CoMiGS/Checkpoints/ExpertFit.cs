using CoMiGS.Layers;
using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>Brings the layers of an adapter together with those of an expert that has its shapes.</summary>
internal static class ExpertFit
{
    /// <summary>Stages every factor, or adds to the problems every reason why the adapter is not one for this expert.</summary>
    public static void Stage(PeftAdapter adapter, AdapterGroup group, ModulePaths paths, StagedExperts staged, AdapterProblems problems)
    {
        var targets = group.Adapters.ToDictionary(a => a.Path, a => a.Adapter);
        foreach (var module in adapter.Modules)
        {
            var path = paths.FromPeft(module.Path);
            if (!targets.Remove(path, out var target))
            {
                problems.Add($"{group.Name}: the file adapts '{module.Path}', which this expert does not, or the file names twice. An expert adapts {Examples(group, paths)}.");
                continue;
            }

            if (!Fits(module.A, target.A) || !Fits(module.B, target.B))
            {
                problems.Add($"{group.Name}, layer '{module.Path}': lora_A is {Shape(module.A)} and lora_B {Shape(module.B)}, but the expert needs {Shape(target.A)} and {Shape(target.B)}. Ranks are set with ExpertOptions.Rank and AttentionRank.");
                continue;
            }

            var ratio = module.Config.Factor / target.Config.Factor;
            staged.Add(target.A, module.A);
            staged.Add(target.B, ratio == 1 ? module.B : module.B.to(ScalarType.Float64).Times(ratio)); // the factor s of the file lives on in B
        }

        foreach (var missing in targets.Keys)
        {
            problems.Add($"{group.Name}: the file has nothing for the layer '{paths.ToPeft(missing)}'.");
        }
    }

    private static bool Fits(Tensor found, Tensor needed) => found.shape.SequenceEqual(needed.shape);

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";

    private static string Examples(AdapterGroup group, ModulePaths paths) =>
        string.Join(", ", group.Adapters.Select(a => paths.ToPeft(a.Path)).Take(4)) + (group.Adapters.Count > 4 ? ", ..." : "");
}
