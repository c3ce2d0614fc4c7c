using System.Xml.Linq;

namespace CoMiGS.Repository.Tests.Configuration;

public sealed class BuildConfigurationTests
{
    private static IEnumerable<string> Projects =>
        new[] { "src", "tests", "examples", "bench" }.SelectMany(folder => Repository.Files(folder, "*.csproj"));

    [Fact]
    public void The_solution_contains_every_project()
    {
        var solution = Repository.Read("CoMiGS.sln").Replace('\\', '/');

        Projects.Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal))
            .Should().BeEmpty("what is not in the solution is not built");
    }

    [Fact]
    public void Package_sources_are_folders_of_this_repository()
    {
        var sources = XDocument.Parse(Repository.Read("nuget.config")).Descendants("packageSources").Elements();

        sources.Select(source => source.Attribute("value")?.Value ?? source.Name.LocalName)
            .Should().Equal(["artifacts/packages"], "the user's and the machine's own sources stand, and are not named here");
    }

    [Fact]
    public void No_file_names_a_package_feed()
    {
        var feed = string.Concat("/v3/", "index.json");
        var texts = new[] { "*.md", "*.sh", "*.ps1", "*.yml", "*.props", "*.targets", "*.csproj", "*.config", "*.cs" };

        texts.SelectMany(pattern => Repository.Files(".", pattern)).Where(path => Repository.Read(path).Contains(feed, StringComparison.Ordinal))
            .Should().BeEmpty("which feed a machine uses is the machine's business");
    }

    [Fact]
    public void The_sdk_is_pinned() =>
        Repository.Read("global.json").Should().Contain("\"version\": \"10.0.").And.Contain("\"rollForward\"");

    [Fact]
    public void Every_packed_project_is_documented_and_says_what_it_is()
    {
        var common = Repository.Read("src/Directory.Build.props");
        common.Should().Contain("<GenerateDocumentationFile>true</GenerateDocumentationFile>", "then the compiler refuses a public member without a summary");

        foreach (var path in Repository.Files("src", "*.csproj"))
        {
            var text = Repository.Read(path);
            text.Should().Contain("<Description>", "{0} is a package", path).And.NotContain("CS1591", "{0} is documented in full", path);
            File.Exists(Repository.PathTo(Path.GetDirectoryName(path)!, "README.md")).Should().BeTrue("{0} packs a README", path);
        }
    }

    [Fact]
    public void Warnings_are_errors_and_nothing_is_banned_in_vain()
    {
        var properties = Repository.Read("Directory.Build.props");

        properties.Should().Contain("<TreatWarningsAsErrors>true").And.Contain("<Nullable>enable").And.Contain("<Deterministic>true");
        Repository.Read("BannedSymbols.txt").Should().Contain("P:System.DateTime.Now;").And.Contain("P:System.DateTime.UtcNow;")
            .And.Contain("P:System.Random.Shared;").And.Contain("M:System.Random.#ctor;");
    }
}
