using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CoMiGS.Repository.Tests.Configuration;

public sealed partial class BuildConfigurationTests
{
    // Papers, sources, the SDK's page, XML namespaces; and hosts that examples and tests make up.
    private static readonly string[] KnownHosts =
    [
        "arxiv.org", "github.com", "huggingface.co", "microsoft.com", "pytorch.org", "apache.org", "w3.org",
        "localhost", "coordinator", "example", "example.com", "127.0.0.1", "0.0.0.0",
    ];

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
    public void Links_lead_to_known_places_only()
    {
        var patterns = new[] { "*.md", "*.sh", "*.ps1", "*.yml", "*.props", "*.targets", "*.csproj", "*.config", "*.cs", "*.cpp", "*.html", "*.js" };
        var offences =
            from path in patterns.SelectMany(pattern => Repository.Files(".", pattern))
            from Match link in Link().Matches(Repository.Read(path))
            let host = link.Groups["host"].Value
            where !KnownHosts.Any(known => host == known || host.EndsWith("." + known, StringComparison.Ordinal))
            select $"{path}: {link.Value}";

        offences.Should().BeEmpty("nothing here depends on a place on the network; which package feed a machine uses is the machine's business");
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

    [GeneratedRegex("https?://(?<host>[A-Za-z0-9.-]+)")]
    private static partial Regex Link();
}
