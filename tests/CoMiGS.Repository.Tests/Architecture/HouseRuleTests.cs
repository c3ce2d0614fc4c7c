using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CoMiGS.Repository.Tests.Architecture;

public sealed class HouseRuleTests
{
    private const int LongestFile = 400;

    // Spelt in two halves, so that this file passes its own test.
    private static readonly string[] UnfinishedWork = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "NotImplemented" + "Exception", "X" + "XX"];

    private static IEnumerable<string> Code =>
        new[] { "src", "tests", "examples", "bench" }.SelectMany(folder => Repository.Files(folder, "*.cs"));

    [Fact]
    public void No_folder_collects_what_has_no_place()
    {
        Repository.Files("src", "*").Where(path => path.Split('/').Any(part => part is "Utils" or "Common" or "Helpers"))
            .Should().BeEmpty("a folder holds one concept and is named after it");
    }

    [Fact]
    public void No_source_file_is_longer_than_four_hundred_lines()
    {
        Repository.Files("src", "*.cs").Select(path => (Path: path, Lines: File.ReadLines(Repository.PathTo(path)).Count()))
            .Where(file => file.Lines > LongestFile).Select(file => $"{file.Path} has {file.Lines} lines")
            .Should().BeEmpty("a file that grows is split by concept");
    }

    [Fact]
    public void Nothing_is_left_for_later()
    {
        var offences =
            from path in Code
            from line in File.ReadLines(Repository.PathTo(path)).Select((text, index) => (Text: text, Number: index + 1))
            from word in UnfinishedWork
            where line.Text.Contains(word, StringComparison.Ordinal)
            select $"{path}:{line.Number}: {word}";

        offences.Should().BeEmpty();
    }

    [Fact]
    public void No_error_is_swallowed_in_silence()
    {
        var offences =
            from source in new[] { "src", "tests", "examples" }.SelectMany(SourceFile.Of)
            from handler in source.Nodes<CatchClauseSyntax>()
            where handler.Block.Statements.Count == 0 && !handler.Block.DescendantTrivia().Any(IsComment)
            select $"{source.At(handler)}: an empty catch";

        offences.Should().BeEmpty("whoever ignores an exception says why");
    }

    [Fact]
    public void Classes_are_sealed_abstract_or_static()
    {
        var offences =
            from source in SourceFile.Of("src")
            where !source.Path.StartsWith("src/CoMiGS.LibTorch/", StringComparison.Ordinal) // there torch's own hierarchy decides
            from type in source.Nodes<TypeDeclarationSyntax>()
            where type is ClassDeclarationSyntax || (type is RecordDeclarationSyntax record && !record.ClassOrStructKeyword.IsKind(SyntaxKind.StructKeyword))
            where !type.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.AbstractKeyword or SyntaxKind.StaticKeyword or SyntaxKind.PartialKeyword)
            select $"{source.At(type)}: {type.Identifier.Text} is neither sealed nor abstract";

        offences.Should().BeEmpty();
    }

    [Fact]
    public void No_test_sleeps()
    {
        var offences =
            from source in SourceFile.Of("tests")
            from access in source.Nodes<MemberAccessExpressionSyntax>()
            where access.ToString() is "Thread" + ".Sleep"
            select $"{source.At(access)}: a test that sleeps is slow or wrong; use TimeProvider";

        offences.Should().BeEmpty();
    }

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia);
}
