using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CoMiGS.Repository.Tests.Architecture;

public sealed class ArrowTests
{
    private static readonly IReadOnlyList<SourceFile> Sources = SourceFile.Of("src/CoMiGS");

    [Fact]
    public void Every_folder_of_the_library_has_its_place_in_the_map_of_arrows()
    {
        Sources.Select(source => source.Folder.Split('/')[0]).Where(folder => folder.Length > 0).Distinct()
            .Should().BeSubsetOf(Arrows.Allowed.Keys, "a new folder needs a line in Architecture/Arrows.cs and in docs/map.md");
    }

    [Fact]
    public void The_arrows_lead_one_way()
    {
        var place = Arrows.Allowed.Keys.Select((folder, index) => (folder, index)).ToDictionary(pair => pair.folder, pair => pair.index);

        Arrows.Allowed.SelectMany(arrow => arrow.Value.Where(target => place[target] >= place[arrow.Key]).Select(target => $"{arrow.Key} -> {target}"))
            .Should().BeEmpty("a folder comes after all those it knows, so there is no circle");
    }

    [Fact]
    public void A_folder_names_only_the_folders_that_it_may_know()
    {
        var offences =
            from source in Sources
            let folder = source.Folder.Split('/')[0]
            where folder.Length > 0
            from found in source.FullNames()
            let target = TargetFolder(found.Name)
            where target is not null && target != folder && !Arrows.Allowed[folder].Contains(target)
            select $"{source.At(found.Node)}: {folder} may not know {target} ({found.Name})";

        offences.Should().BeEmpty();
    }

    [Fact]
    public void The_root_is_known_by_nothing()
    {
        var root = Sources.Where(source => source.Folder.Length == 0)
            .SelectMany(source => source.Nodes<BaseTypeDeclarationSyntax>()).Select(type => type.Identifier.Text).ToHashSet();
        var offences =
            from source in Sources
            where source.Folder.Length > 0
            let own = source.Nodes<BaseTypeDeclarationSyntax>().Select(type => type.Identifier.Text).ToHashSet()
            from name in source.Nodes<SimpleNameSyntax>()
            where root.Contains(name.Identifier.Text) && !own.Contains(name.Identifier.Text)
            select $"{source.At(name)}: {source.Folder} may not know {name.Identifier.Text}, which is at the root";

        offences.Should().BeEmpty();
    }

    [Fact]
    public void Aggregation_never_sees_a_model()
    {
        var offences =
            from source in Sources
            where Arrows.TorchFree.Contains(source.Folder.Split('/')[0])
            from found in source.FullNames()
            where found.Name.StartsWith("TorchSharp", StringComparison.Ordinal) || found.Name.StartsWith("torch.", StringComparison.Ordinal)
            select $"{source.At(found.Node)}: {source.Folder} may not use torch ({found.Name})";

        offences.Should().BeEmpty();
    }

    [Theory]
    [InlineData("src/CoMiGS.Transport.Abstractions", "TorchSharp")]
    [InlineData("src/CoMiGS.Transport.Abstractions", "Microsoft")]
    [InlineData("src/CoMiGS.Transport.Http", "TorchSharp")]
    [InlineData("src/CoMiGS.Transport.Http", "CoMiGS.")]
    [InlineData("src/CoMiGS.Storage.Sqlite", "TorchSharp")]
    [InlineData("src/CoMiGS.Storage.PostgreSql", "TorchSharp")]
    [InlineData("src/CoMiGS.LibTorch", "CoMiGS.")]
    public void A_lower_project_does_not_know_a_higher_one(string project, string stranger)
    {
        var offences =
            from source in SourceFile.Of(project)
            from found in source.FullNames()
            where found.Name.StartsWith(stranger, StringComparison.Ordinal)
                && !found.Name.StartsWith("CoMiGS.LibTorch", StringComparison.Ordinal) && !found.Name.StartsWith("CoMiGS.Transport", StringComparison.Ordinal)
            select $"{source.At(found.Node)}: {project} may not know {found.Name}";

        offences.Should().BeEmpty();
    }

    [Theory]
    [InlineData("src/CoMiGS", "CoMiGS")]
    [InlineData("src/CoMiGS.Models", "CoMiGS.Models")]
    [InlineData("src/CoMiGS.Transport.Abstractions", "CoMiGS.Transport")]
    [InlineData("src/CoMiGS.Transport.Http", "CoMiGS.Transport.Http")]
    [InlineData("src/CoMiGS.Observability", "CoMiGS.Observability")]
    [InlineData("src/CoMiGS.Storage.Sqlite", "CoMiGS.Storage.Sqlite")]
    [InlineData("src/CoMiGS.Storage.PostgreSql", "CoMiGS.Storage.PostgreSql")]
    public void A_namespace_is_the_path_of_its_folder(string project, string root)
    {
        var offences =
            from source in SourceFile.Of(project)
            let expected = source.Folder.Length == 0 ? root : $"{root}.{source.Folder.Replace('/', '.')}"
            where source.Namespace is not null && source.Namespace != expected && !IsFoundWhereItIsLookedFor(source, root)
            select $"{source.Path}: the namespace is {source.Namespace}, expected {expected}";

        offences.Should().BeEmpty();
    }

    // Methods that extend a builder stand where their users have the builder's own.
    private static bool IsFoundWhereItIsLookedFor(SourceFile source, string root) =>
        source.Namespace == "Microsoft.Extensions.DependencyInjection" || (source.Namespace == root && source.Path.EndsWith("Extensions.cs", StringComparison.Ordinal));

    // CoMiGS.Routing.TopKRouter -> Routing; names of other projects (CoMiGS.Transport, CoMiGS.Models) are none of the folders.
    private static string? TargetFolder(string name)
    {
        var parts = name.Split('.');
        return parts.Length > 1 && parts[0] == "CoMiGS" && Arrows.Allowed.ContainsKey(parts[1]) ? parts[1] : null;
    }
}
