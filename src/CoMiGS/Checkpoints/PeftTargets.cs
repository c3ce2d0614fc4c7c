using System.Globalization;
using System.Text.RegularExpressions;

namespace CoMiGS.Checkpoints;

/// <summary>Which modules an adapter of PEFT's claims: <c>target_modules</c>, <c>exclude_modules</c>, <c>layers_to_transform</c>, <c>layers_pattern</c>.</summary>
/// <param name="Targets">Path endings, or null for a rule that is none.</param>
/// <param name="Excluded">Path endings that are left out first, or null.</param>
/// <param name="Layers">Numbers of the layers, or null for all; only for path endings.</param>
/// <param name="LayersPatterns">What stands before a layer's number; empty for any name.</param>
internal sealed record PeftTargets(PeftNames? Targets, PeftNames? Excluded, IReadOnlySet<int>? Layers, IReadOnlyList<Regex> LayersPatterns)
{
    private static readonly Regex AnyLayer = PeftExpression.Compile(@"\.[^.]*\.(?<layer>\d+)\.");

    /// <summary>Whether PEFT would adapt the linear layer at <paramref name="path"/>; null where only the base model's type decides.</summary>
    public bool? Hit(string path) =>
        Targets is null ? null
        : Excluded?.Match(path) == true ? false
        : Targets.Match(path) && (Layers is null || Targets.Whole(path) || (Layer(path) is { } layer && Layers.Contains(layer)));

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static Regex LayersPattern(string pattern) => PeftExpression.Compile($@"\.(?:{pattern})\.(?<layer>\d+)\.");

    private int? Layer(string path)
    {
        var match = LayersPatterns.Count == 0
            ? AnyLayer.Match(path)
            : LayersPatterns.Select(p => p.Match(path)).FirstOrDefault(m => m.Success) ?? Match.Empty;
        return match.Success && int.TryParse(match.Groups["layer"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : null;
    }
}
