using CoMiGS.Experts;
using CoMiGS.Layers;
using CoMiGS.Planning;

namespace CoMiGS.Checkpoints;

/// <summary>What the <c>adapter_config.json</c> of a plain LoRA adapter says.</summary>
/// <param name="Lora">Rank and scale of the modules that no pattern names.</param>
/// <param name="Ranks">Ranks of single modules.</param>
/// <param name="Alphas">Alphas of single modules; looked up independently of the ranks.</param>
/// <param name="Targets">Which modules it claims.</param>
internal sealed record PeftConfig(LoraConfig Lora, PeftPattern Ranks, PeftPattern Alphas, PeftTargets Targets)
{
    public const string FileName = "adapter_config.json";

    /// <summary>Rank and scale of one module.</summary>
    public LoraConfig For(string path) => Lora with { Rank = (int)(Ranks.For(path) ?? Lora.Rank), Alpha = Alphas.For(path) ?? Lora.Alpha };

    /// <summary>The configuration that describes a group of adapters: the most frequent rank and alpha, patterns for the others, and exactly its modules.</summary>
    public static PeftConfig Of(AdapterGroup group, ModulePaths paths)
    {
        var modules = group.Adapters.Select(a => (Path: paths.ToPeft(a.Path), a.Adapter.Config)).OrderBy(m => m.Path, StringComparer.Ordinal).ToList();
        var lora = group.Config with { Rank = Usual(modules.Select(m => m.Config.Rank)), Alpha = Usual(modules.Select(m => m.Config.Alpha)) };
        var names = modules.Select(m => m.Path).ToList();
        return new(
            lora,
            new(modules.Where(m => m.Config.Rank != lora.Rank).Select(m => (Pattern(m.Path, names), (double)m.Config.Rank))),
            new(modules.Where(m => m.Config.Alpha != lora.Alpha).Select(m => (Pattern(m.Path, names), m.Config.Alpha))),
            new(Exactly(names, paths.Linears()), Excluded: null, Layers: null, LayersPatterns: []));
    }

    /// <summary>Full paths, which PEFT takes as endings too; an expression where such an ending would hit another layer.</summary>
    private static ModulePattern Exactly(List<string> names, IEnumerable<string> linears)
    {
        var endings = ModulePattern.EndingWith([.. names]);
        return linears.Except(names).Any(endings.Matches)
            ? ModulePattern.Matching(string.Join('|', names.Select(n => n.Replace(".", @"\.", StringComparison.Ordinal))))
            : endings;
    }

    private static string Pattern(string path, List<string> names) => names.Any(n => n.EndsWith($".{path}", StringComparison.Ordinal)) ? $"^{path}" : path;

    private static T Usual<T>(IEnumerable<T> values) => values.GroupBy(v => v).MaxBy(g => g.Count())!.Key;
}
