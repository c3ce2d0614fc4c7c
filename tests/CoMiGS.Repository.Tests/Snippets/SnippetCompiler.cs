using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CoMiGS.Repository.Tests.Snippets;

/// <summary>Compiles blocks as a reader would who pastes them into a new console project that references the packages.</summary>
internal static class SnippetCompiler
{
    // What <ImplicitUsings> gives a console project.
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>One program from a block and the ones it continues. Errors carry the page and line of the documentation.</summary>
    public static CSharpCompilation Compile(string name, IReadOnlyList<Snippet> blocks)
    {
        var program = CSharpSyntaxTree.ParseText(SourceText.From(Join(blocks), Encoding.UTF8), Options, path: "snippet.cs");
        var statements = program.GetRoot().ChildNodes().OfType<GlobalStatementSyntax>().Any();
        return CSharpCompilation.Create(
            name,
            [program, CSharpSyntaxTree.ParseText(ImplicitUsings, Options)],
            References,
            new CSharpCompilationOptions(statements ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    public static IReadOnlyList<string> Errors(CSharpCompilation compilation) =>
    [
        .. compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic =>
        {
            var place = diagnostic.Location.GetMappedLineSpan();
            return $"{place.Path}:{place.StartLinePosition.Line + 1}: {diagnostic.Id} {diagnostic.GetMessage(null)}";
        }),
    ];

    private static CSharpParseOptions Options { get; } = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    // Usings first, as C# wants them; then statements; then types.
    private static string Join(IEnumerable<Snippet> blocks)
    {
        StringBuilder usings = new(), statements = new(), types = new();
        foreach (var block in blocks)
        {
            foreach (var (page, line, code) in new[] { ($"{block.Page} (given)", block.Line, block.Given), (block.Page, block.Line, block.Code) })
            {
                var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, Options).GetRoot();
                foreach (var node in root.Usings.Concat<SyntaxNode>(root.Members))
                {
                    var target = node switch
                    {
                        UsingDirectiveSyntax => usings,
                        GlobalStatementSyntax => statements,
                        _ => types,
                    };
                    var at = line + node.GetLocation().GetLineSpan().StartLinePosition.Line;
                    target.Append("#line ").Append(at).Append(" \"").Append(page).Append("\"\n").Append(node).Append('\n');
                }
            }
        }

        return $"{usings}{statements}{types}";
    }
}
