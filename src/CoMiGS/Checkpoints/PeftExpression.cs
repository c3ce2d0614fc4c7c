using System.Text.RegularExpressions;

namespace CoMiGS.Checkpoints;

/// <summary>Regular expressions of PEFT's configurations: Python's syntax, with a limit of time, because the file may come from anybody.</summary>
internal static class PeftExpression
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static Regex Compile(string expression) =>
        new(expression.Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.CultureInvariant, Limit);

    /// <summary>One that has to match the whole of a text.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    public static Regex Whole(string expression) => Compile($@"\A(?:{expression})\z");
}
