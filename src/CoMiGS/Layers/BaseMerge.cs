using CoMiGS.Experts;
using CoMiGS.Parameters;
using CoMiGS.Routing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Layers;

/// <summary>Adds updates that are the same for every token to the weights they stand beside: W + sum_j w_j s B_j A_j.</summary>
internal static class BaseMerge
{
    /// <summary>Adds all updates to the base, or changes nothing.</summary>
    /// <exception cref="InvalidOperationException">An update depends on the token, or cannot be added; the message lists all.</exception>
    public static void Merge(nn.Module model, IReadOnlyList<Placement> placements)
    {
        Refuse(model, [.. placements.Select(Obstacle).OfType<string>()]);
        var linears = BaseLayers.Of(model);
        var updates = placements.SelectMany(Updates).ToLookup(u => u.Path, u => (u.Adapter, u.Weight));
        Refuse(model, [.. updates.Select(u => Obstacle(model, u.Key, linears))
            .Concat(updates.Where(u => linears.ContainsKey(u.Key)).Select(u => Try(u.Key, linears[u.Key], u))).OfType<string>()]);
        using var noGrad = no_grad();
        foreach (var update in updates)
        {
            using var scope = NewDisposeScope();
            var weight = linears[update.Key].weight!;
            weight.copy_(Merged(weight, update)); // computed once before, so memory for it is there
        }
    }

    private static IEnumerable<(string Path, LoraAdapter Adapter, double Weight)> Updates(Placement placement) => placement.Module switch
    {
        ExpertMixture mixture => Enumerable.Range(0, mixture.Experts.Count).SelectMany(j => mixture.Adapters(j, placement.Path).Select(a => (a.Path, a.Adapter, 1.0 / mixture.Experts.Count))),
        LoraAdapter adapter => [(placement.Path, adapter, 1.0)],
        _ => [],
    };

    /// <summary>Why an update is another one for every token; null if it is not.</summary>
    private static string? Obstacle(Placement placement) => placement.Module switch
    {
        AmoleExperts mixture => $"'{placement.Path}' has a router that weighs {mixture.Experts.Count} assigned experts anew for every token.",
        ExpertMixture { Experts.Count: 1 } or LoraAdapter => null,
        LinearExperts { Router: UniformRouter } => null, // a mean of linear maps is one linear map
        ExpertMixture { Router: UniformRouter } mixture => $"'{placement.Path}' takes the mean of {mixture.Experts.Count} experts behind their activations, which no single weight gives.",
        ExpertMixture mixture => $"'{placement.Path}' has a router that weighs {mixture.Experts.Count} experts anew for every token.",
        var other => $"'{placement.Path}' is a {other.GetType().Name}, which is no low-rank update.",
    };

    private static string? Obstacle(nn.Module model, string path, IReadOnlyDictionary<string, Linear> linears)
    {
        if (!linears.TryGetValue(path, out var linear))
        {
            return $"'{path}' names no linear layer of the model. Let the parts of its feed-forward carry the names of their modules.";
        }

        var owners = BaseLayers.Modules(model).Where(m => m.Module.named_parameters(recurse: false).Any(p => ReferenceEquals(p.parameter, linear.weight))).Select(m => m.Path).ToList();
        return owners.Count <= 1 ? null : $"The weight of '{path}' is used in {string.Join(", ", owners)}, so the update would change all of them.";
    }

    private static string? Try(string path, Linear linear, IEnumerable<(LoraAdapter Adapter, double Weight)> updates)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return Merged(linear.weight!, updates).isfinite().all().ToBoolean() ? null : $"'{path}' would hold values that are not finite.";
    }

    /// <summary>Computed in float32 (float64 for a base of that type) and rounded once.</summary>
    private static Tensor Merged(Parameter weight, IEnumerable<(LoraAdapter Adapter, double Weight)> updates)
    {
        var type = weight.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        var sum = weight.to(type, copy: true); // (out, in)
        foreach (var (adapter, share) in updates)
        {
            sum.Add(adapter.B.Cast(type).matmul(adapter.A.Cast(type)).Times(share * adapter.Config.Factor));
        }

        return sum.Cast(weight.dtype);
    }

    private static void Refuse(nn.Module model, IReadOnlyList<string> obstacles)
    {
        if (obstacles.Count > 0)
        {
            throw new InvalidOperationException(
                $"The experts of {model.GetType().Name} cannot be merged into its base:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", obstacles)}");
        }
    }
}
