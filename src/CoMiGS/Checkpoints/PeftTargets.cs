using System.Globalization;
using System.Text.RegularExpressions;
using CoMiGS.Planning;

namespace CoMiGS.Checkpoints;

/// <summary>Which modules an adapter of PEFT's claims: <c>target_modules</c>, <c>exclude_modules</c>, <c>layers_to_transform</c>, <c>layers_pattern</c>.</summary>
/// <param name="Targets">The rule, or null for none.</param>
/// <param name="Excluded">What is left out first, or null.</param>
/// <param name="Layers">Numbers of the layers, or null for all. A path that the rule names in full is hit whatever its number.</param>
/// <param name="LayersPatterns">What stands before a layer's number; empty for any name.</param>
internal sealed record PeftTargets(ModulePattern? Targets, ModulePattern? Excluded, IReadOnlySet<int>? Layers, IReadOnlyList<Regex> LayersPatterns)
{
    private static readonly Regex AnyLayer = ModulePattern.Expression(@"\.[^.]*\.(?<layer>\d+)\.");

    /// <summary>Whether PEFT would adapt the linear layer at <paramref name="path"/>; null where only the base model decides.</summary>
    public bool? Hit(string path) =>
        Targets is null or { IsAllLinear: true } ? null
        : Excluded?.Matches(path) == true ? false
        : Targets.Matches(path) && (Layers is null || Targets.Contains(path) || (Layer(path) is { } layer && Layers.Contains(layer)));

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static Regex LayersPattern(string pattern) => ModulePattern.Expression($@"\.(?:{pattern})\.(?<layer>\d+)\.");

    private int? Layer(string path)
    {
        var match = LayersPatterns.Count == 0
            ? AnyLayer.Match(path)
            : LayersPatterns.Select(p => p.Match(path)).FirstOrDefault(m => m.Success) ?? Match.Empty;
        return match.Success && int.TryParse(match.Groups["layer"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : null;
    }
}
