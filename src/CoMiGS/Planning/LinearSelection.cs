using CoMiGS.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CoMiGS.Planning;

/// <summary>Finds the linear layers that a pattern means.</summary>
internal static class LinearSelection
{
    /// <param name="model">The model.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="pattern">Which are wanted.</param>
    /// <param name="excluded">Which are not.</param>
    /// <param name="option">What the pattern is called where the user set it.</param>
    /// <exception cref="InvalidOperationException">Nothing matches; the message names what is near and what there is.</exception>
    public static HashSet<Linear> Find(nn.Module model, ModelLayers layers, ModulePattern pattern, ModulePattern? excluded, string option)
    {
        var heads = pattern.IsAllLinear ? Heads(model, layers) : [];
        var matched = layers.Linears.Where(l => pattern.Matches(l.Path) && !heads.Contains(l.Layer)).ToList();
        var found = matched.Where(l => excluded?.Matches(l.Path) != true).Select(l => l.Layer).ToHashSet();
        if (found.Count > 0)
        {
            return found;
        }

        var problem = matched.Count > 0 ? $"ExcludeModules {excluded} leaves out all {matched.Count} of them"
            : layers.Order.FirstOrDefault(pattern.Matches) is { } other && !pattern.IsAllLinear ? $"'{other}' matches, but is no Linear outside of a feed-forward with experts"
            : "none matches";
        var there = layers.Linears.Count == 0 ? "none" : string.Join(", ", NearMisses.Collapse(layers.Linears.Select(l => l.Path)));
        throw new InvalidOperationException(
            $"{option} is {pattern}, but of the linear layers of {model.GetType().Name} {problem}. {(matched.Count > 0 ? "" : NearMisses.Of(pattern, [.. layers.Linears.Select(l => l.Path)]))}Its linear layers are {there}.");
    }

    /// <summary>Entries of a list that match nothing although others do.</summary>
    public static IEnumerable<string> Unmatched(ModelLayers layers, ModulePattern pattern) =>
        pattern.Where(ending => layers.Linears.All(l => !ModulePattern.Ends(l.Path, ending)));

    /// <summary>The output head: a layer that shares its weight with an embedding, or a direct child as wide as the vocabulary; failing that, the last of all linear layers if it is a direct child.</summary>
    private static HashSet<Linear> Heads(nn.Module model, ModelLayers layers)
    {
        var vocabulary = (model as ILanguageModel)?.VocabularySize;
        using var scope = NewDisposeScope();
        var embeddings = model.modules().OfType<Embedding>().Select(e => e.weight).OfType<Parameter>().ToList();
        var known = layers.Linears.Where(l => embeddings.Exists(e => e.IsOneWith(l.Layer.weight)) || (IsChild(l.Path) && l.Layer.out_features == vocabulary)).ToList();
        return [.. (known.Count > 0 ? known : layers.Linears.TakeLast(1).Where(l => IsChild(l.Path))).Select(l => l.Layer)];
    }

    private static bool IsChild(string path) => !path.Contains('.', StringComparison.Ordinal);
}
