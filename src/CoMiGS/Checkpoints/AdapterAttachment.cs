using CoMiGS.Experts;
using CoMiGS.Layers;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>Puts an adapter of PEFT's beside the layers of a bare model that its file names.</summary>
internal static class AdapterAttachment
{
    /// <exception cref="InvalidDataException">The adapter cannot be used, or is another model's; the message lists every reason.</exception>
    public static MoeModel Attach(nn.Module<Tensor, Tensor> model, string folder, ExpertRole role, ILogger logger)
    {
        StaticAdapters.RefuseAdapted(model);
        using var scope = NewDisposeScope();
        var problems = new AdapterProblems(folder);
        var paths = new ModulePaths(model);
        var adapter = PeftAdapter.Read(folder, problems, logger);
        if (adapter is not null)
        {
            problems.AddRange(Differences(adapter, model, paths));
        }

        problems.ThrowIfAny();
        var moe = model.AddStaticAdapters([.. adapter!.Modules.Select(m => (paths.FromPeft(m.Path), m.Config))], role);
        using var staged = new StagedExperts();
        ExpertFit.Stage(adapter, moe.AdapterGroups().Single(), paths, staged, problems);
        staged.Exchange();
        return moe;
    }

    private static IEnumerable<string> Differences(PeftAdapter adapter, nn.Module model, ModulePaths paths)
    {
        var linears = BaseLayers.Of(model);
        var named = adapter.Modules.ToLookup(m => paths.FromPeft(m.Path));
        foreach (var (path, module) in adapter.Modules.Select(m => (paths.FromPeft(m.Path), m)))
        {
            if (!linears.TryGetValue(path, out var linear))
            {
                yield return $"The file adapts '{module.Path}', but {model.GetType().Name} has no such linear layer.";
            }
            else if (module.A.shape[1] != linear.in_features || module.B.shape[0] != linear.out_features)
            {
                yield return $"The file adapts '{module.Path}' from {module.A.shape[1]} to {module.B.shape[0]} features, but in {model.GetType().Name} it has {linear.in_features} and {linear.out_features}.";
            }
        }

        foreach (var twice in named.Where(n => n.Count() > 1))
        {
            yield return $"The file adapts one layer under the names {string.Join(" and ", twice.Select(m => $"'{m.Path}'"))}.";
        }

        foreach (var path in linears.Keys.Where(p => !named.Contains(p) && adapter.Config.Targets.Hit(paths.ToPeft(p)) == true))
        {
            yield return $"target_modules of {PeftConfig.FileName} names '{paths.ToPeft(path)}', but the file has nothing for it.";
        }
    }
}
