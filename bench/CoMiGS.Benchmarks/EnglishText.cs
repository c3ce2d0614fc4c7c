using System.Text.RegularExpressions;

namespace CoMiGS.Benchmarks;

/// <summary>English that every machine with the SDK has: the documentation of .NET's own libraries.</summary>
internal static partial class EnglishText
{
    /// <summary>The files as they are: prose, and the names of all types and members.</summary>
    public static string WithMarkup()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        var files = Directory.GetFiles(Path.Combine(root, "packs"), "*.xml", SearchOption.AllDirectories).Where(file => file.Contains("Microsoft.NETCore.App.Ref", StringComparison.Ordinal));
        return NotAscii().Replace(string.Join('\n', files.Order(StringComparer.Ordinal).Select(File.ReadAllText)), "");
    }

    /// <summary>The prose alone.</summary>
    public static string WithoutMarkup(string text) => Indentation().Replace(Markup().Replace(text, ""), "\n");

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Markup();

    [GeneratedRegex("\n\\s*")]
    private static partial Regex Indentation();

    [GeneratedRegex("[^\\x00-\\x7F]")]
    private static partial Regex NotAscii();
}
