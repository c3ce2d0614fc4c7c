using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CoMiGS.Repository.Tests.Architecture;

/// <summary>A parsed file of <c>src</c>.</summary>
internal sealed partial record SourceFile(string Path, SyntaxNode Tree)
{
    /// <summary>The folder inside its project; empty for the root.</summary>
    public string Folder { get; } = string.Join('/', Path.Split('/').Skip(2).SkipLast(1));

    public IEnumerable<T> Nodes<T>()
        where T : SyntaxNode => Tree.DescendantNodes().OfType<T>();

    /// <summary>Where a node is, as an editor and a reader find it.</summary>
    public string At(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    public string? Namespace => Nodes<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString();

    /// <summary>Every namespace or type named in full, in a using or in the code; documentation comments may name anything.</summary>
    public IEnumerable<(string Name, SyntaxNode Node)> FullNames() =>
        Nodes<UsingDirectiveSyntax>().Select(use => (Name: use.NamespaceOrType.ToString(), Node: (SyntaxNode)use))
            .Concat(Nodes<QualifiedNameSyntax>().Where(name => name.Parent is not (QualifiedNameSyntax or UsingDirectiveSyntax or BaseNamespaceDeclarationSyntax))
                .Select(name => (name.ToString(), (SyntaxNode)name)))
            .Concat(Nodes<MemberAccessExpressionSyntax>().Where(access => access.Parent is not MemberAccessExpressionSyntax)
                .Select(access => (Whitespace().Replace(access.ToString(), ""), (SyntaxNode)access)))
            .Select(found => (found.Item1.StartsWith("global::", StringComparison.Ordinal) ? found.Item1["global::".Length..] : found.Item1, found.Item2));

    public static IReadOnlyList<SourceFile> Of(string folder) =>
        [.. Repository.Files(folder, "*.cs").Select(path => new SourceFile(path, CSharpSyntaxTree.ParseText(Repository.Read(path)).GetRoot()))];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
