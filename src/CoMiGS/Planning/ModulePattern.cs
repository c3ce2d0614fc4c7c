using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace CoMiGS.Planning;

/// <summary>
/// Says which modules of a model are meant, by their paths, as PEFT's <c>target_modules</c> does:
/// <code>
///   ["q_proj", "v_proj"]          paths that are equal to an entry or end with a dot and it
///   @"layers\.\d+\.mlp\.fc[12]"   a regular expression that matches the whole path
///   "all-linear"                  every Linear but the output head
/// </code>
/// </summary>
[CollectionBuilder(typeof(ModulePattern), nameof(EndingWith))]
public sealed class ModulePattern : IEnumerable<string>
{
    internal const string EveryLinear = "all-linear";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1); // an expression may come from a file, and a file from anybody

    private readonly string[] _endings;
    private readonly Regex? _expression;

    private ModulePattern(string text, string[] endings, Regex? expression)
    {
        Text = text;
        _endings = endings;
        _expression = expression;
    }

    /// <summary>Every <c>Linear</c> but the output head.</summary>
    public static ModulePattern AllLinear { get; } = new($"\"{EveryLinear}\"", [], null);

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    internal bool IsAllLinear => ReferenceEquals(this, AllLinear);

    /// <summary>Modules whose path is equal to an entry or ends with a dot and it.</summary>
    /// <param name="endings">Names such as <c>q_proj</c>, or ends of paths such as <c>mlp.c_proj</c>.</param>
    /// <exception cref="ArgumentException">An entry is empty, or there is none.</exception>
    public static ModulePattern EndingWith(params ReadOnlySpan<string> endings)
    {
        var text = $"[{string.Join(", ", endings.ToArray())}]";
        return endings.IsEmpty || endings.ToArray().Any(string.IsNullOrWhiteSpace)
            ? throw new ArgumentException($"The names of modules are {text}. Give at least one, and none that is empty.", nameof(endings))
            : new(text, endings.ToArray(), null);
    }

    /// <summary>Modules whose whole path matches a regular expression.</summary>
    /// <param name="expression">For example <c>layers\.\d+\.mlp</c>.</param>
    /// <exception cref="ArgumentException">It is no regular expression; the message says why.</exception>
    public static ModulePattern Matching(string expression)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(expression);
        _ = Expression(expression); // so that an error shows what was written
        return new($"\"{expression}\"", [], Expression($@"\A(?:{expression})\z"));
    }

    /// <summary>As PEFT reads a string: <c>all-linear</c>, or a regular expression.</summary>
    public static implicit operator ModulePattern(string text) => text == EveryLinear ? AllLinear : Matching(text);

    /// <summary>As PEFT reads a list: <see cref="EndingWith"/>.</summary>
    public static implicit operator ModulePattern(string[] endings) => EndingWith(endings);

    /// <summary>The same as the conversion.</summary>
    public static ModulePattern FromString(string text) => text;

    /// <summary>Whether a module is meant. <see cref="AllLinear"/> means every path; that they are linear, and no head, is looked at where it is used.</summary>
    /// <param name="path">Path of the module in the model.</param>
    public bool Matches(string path) => _expression?.IsMatch(path) ?? (IsAllLinear || _endings.Any(ending => Ends(path, ending)));

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The endings; none where a regular expression decides.</summary>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_endings).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>An expression in PEFT's, that is Python's, syntax.</summary>
    internal static Regex Expression(string expression) => new(expression.Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.CultureInvariant, Limit);

    internal static bool Ends(string path, string ending) => path == ending || path.EndsWith($".{ending}", StringComparison.Ordinal);
}
