using System.Text.RegularExpressions;

namespace CoMiGS.Checkpoints;

/// <summary>A set of modules as PEFT writes it: a list of path endings, one regular expression for whole paths, or <c>all-linear</c>.</summary>
internal sealed class PeftNames
{
    public const string AllLinear = "all-linear";
    private const string OutputHead = "lm_head";

    private readonly Regex? _expression;

    private PeftNames(IReadOnlyList<string>? endings, string? text)
    {
        Endings = endings;
        Text = text;
        _expression = text is null || Every(text) ? null : PeftExpression.Whole(text);
    }

    /// <summary>The list, if it is one.</summary>
    public IReadOnlyList<string>? Endings { get; }

    /// <summary>The expression or <c>all-linear</c>, if it is one.</summary>
    public string? Text { get; }

    public static PeftNames Of(IEnumerable<string> endings) => new([.. endings], null);

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static PeftNames Of(string text) => new(null, text);

    /// <summary>Whether a linear layer is in the set.</summary>
    public bool Match(string path) =>
        Endings is not null ? Endings.Any(e => path == e || path.EndsWith($".{e}", StringComparison.Ordinal))
        : _expression?.IsMatch(path) ?? path.Split('.')[^1] != OutputHead;

    /// <summary>Whether no filter by layers applies: the list names the path in full, or it is no list.</summary>
    public bool Whole(string path) => Endings?.Contains(path) ?? true;

    private static bool Every(string text) => text.Equals(AllLinear, StringComparison.OrdinalIgnoreCase);
}
