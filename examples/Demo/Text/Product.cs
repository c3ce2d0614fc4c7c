namespace CoMiGS.Demo.Text;

/// <summary>A part of the SDK with its own vocabulary: what one of the four colleagues writes about.</summary>
/// <param name="Name">Short name, for tables and file names.</param>
/// <param name="About">What it is, for people to read.</param>
/// <param name="AssemblyPrefixes">Whose messages it takes; an exact assembly name or the beginning of one.</param>
public sealed record Product(string Name, string About, IReadOnlyList<string> AssemblyPrefixes)
{
    /// <summary>The four colleagues, in the order in which they claim a message that occurs in several products.</summary>
    public static IReadOnlyList<Product> Colleagues { get; } =
    [
        new("cli", "the dotnet command and the SDK's tasks",
            ["dotnet", "Microsoft.DotNet.", "Microsoft.NET.", "Microsoft.TemplateEngine.", "Microsoft.TemplateSearch.", "System.CommandLine"]),
        new("fsharp", "the F# compiler and library", ["FSharp."]),
        new("analyzers", "the code analyzers", ["Microsoft.CodeAnalysis.NetAnalyzers", "Microsoft.CodeAnalysis.CodeStyle", "Microsoft.CodeAnalysis.CSharp.CodeStyle"]),
        new("nuget", "the package manager", ["NuGet."]),
    ];

    /// <summary>Whether the product ships <paramref name="assembly"/>.</summary>
    public bool Owns(string assembly) => AssemblyPrefixes.Any(prefix => assembly.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Its messages out of <paramref name="catalog"/>; a distinct text has one assembly there, so no two products get the same.</summary>
    public IEnumerable<string> MessagesOf(MessageCatalog catalog) =>
        catalog.Messages.Where(message => Owns(message.Assembly)).Select(message => message.Text);
}
