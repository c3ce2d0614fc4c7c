using System.Text.RegularExpressions;
using CoMiGS.Planning;

namespace CoMiGS.Checkpoints;

/// <summary>PEFT's <c>rank_pattern</c> or <c>alpha_pattern</c>: numbers for some modules, the first entry of the file that matches counts.</summary>
internal sealed class PeftPattern
{
    private readonly List<(string Text, Regex Expression, double Value)> _entries;

    public PeftPattern(IEnumerable<(string Pattern, double Value)> entries) =>
        _entries = [.. entries.Select(e => (e.Pattern, ModulePattern.Expression($@"^(.*\.)?({e.Pattern})$"), e.Value))];

    /// <summary>The entries in the order of the file.</summary>
    public IEnumerable<(string Pattern, double Value)> Entries => _entries.Select(e => (e.Text, e.Value));

    /// <summary>The number for a module, or null where no entry matches.</summary>
    public double? For(string path) => _entries.Where(e => e.Expression.IsMatch(path)).Select(e => (double?)e.Value).FirstOrDefault();
}
