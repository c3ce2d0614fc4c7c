using System.Text.RegularExpressions;

namespace CoMiGS.Repository.Tests.Configuration;

/// <summary>The map in <c>docs/map.md</c> shows what is there.</summary>
public sealed partial class MapTests
{
    private static readonly string Map = Repository.Read("docs/map.md");

    [Fact]
    public void Every_folder_of_the_library_is_on_the_map()
    {
        Repository.Files("src/CoMiGS", "*.cs").Select(path => path.Split('/')).Where(parts => parts.Length > 3).Select(parts => parts[2]).Distinct()
            .Where(folder => !Map.Contains($"`src/CoMiGS/{folder}`", StringComparison.Ordinal) && !Map.Contains($"`{folder}`", StringComparison.Ordinal))
            .Should().BeEmpty();
    }

    [Fact]
    public void Every_project_is_on_the_map()
    {
        Repository.Files("src", "*.csproj").Concat(Repository.Files("examples", "*.csproj")).Select(path => Path.GetDirectoryName(path)!.Replace('\\', '/'))
            .Where(project => !Map.Contains($"`{project}`", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void What_the_map_names_exists()
    {
        var words = new[] { "src", "examples", "tests" }.SelectMany(SourceWords).ToHashSet();

        Name().Matches(Map).SelectMany(match => match.Groups["name"].Captures).Select(capture => capture.Value).Where(name => !words.Contains(name))
            .Should().BeEmpty("a name on the map leads to code");
    }

    [Fact]
    public void Links_of_the_documentation_lead_to_files()
    {
        var offences =
            from page in Repository.Files("docs", "*.md").Concat(["README.md", "CONTRIBUTING.md"])
            from Match link in Link().Matches(Repository.Read(page))
            let target = link.Groups["target"].Value
            where !File.Exists(Path.Combine(Path.GetDirectoryName(Repository.PathTo(page))!, target))
            select $"{page}: {target}";

        offences.Should().BeEmpty();
    }

    [Fact]
    public void Every_page_is_found_from_the_readme_or_the_map()
    {
        var linked = Link().Matches(Repository.Read("README.md")).Select(link => link.Groups["target"].Value)
            .Concat(Link().Matches(Map).Select(link => $"docs/{link.Groups["target"].Value}")).ToHashSet();

        Repository.Files("docs", "*.md").Should().NotBeEmpty().And.OnlyContain(page => linked.Contains(page));
    }

    private static IEnumerable<string> SourceWords(string folder) =>
        Repository.Files(folder, "*.cs").SelectMany(path => Word().Matches(Repository.Read(path)).Select(match => match.Value)).Distinct();

    // `TopKRouter` and the halves of `BilevelTrainer.ExpertStep`, but no paths and no shell.
    [GeneratedRegex("`(?:(?<name>[A-Z][A-Za-z]+)\\.)?(?<name>[A-Z][A-Za-z]+)`")]
    private static partial Regex Name();

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Word();

    [GeneratedRegex("\\]\\((?<target>[^)#:]+)\\)")]
    private static partial Regex Link();
}
