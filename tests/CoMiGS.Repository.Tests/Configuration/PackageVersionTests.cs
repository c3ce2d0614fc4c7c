using System.Text.RegularExpressions;
using System.Xml.Linq;
using CoMiGS.Repository.Tests.Packages;

namespace CoMiGS.Repository.Tests.Configuration;

public sealed partial class PackageVersionTests
{
    [Fact]
    public void Every_version_is_exact()
    {
        var versions = Versions();

        versions.Should().NotBeEmpty();
        versions.Where(version => !Exact().IsMatch(version.Value)).Select(version => $"{version.Key} {version.Value}")
            .Should().BeEmpty("a floating version builds something else tomorrow");
    }

    [Fact]
    public void Versions_stand_in_one_place_only()
    {
        var offences =
            from path in Projects()
            from reference in XDocument.Parse(Repository.Read(path)).Descendants("PackageReference")
            where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
            select $"{path}: {reference.Attribute("Include")?.Value} has its own version";

        offences.Should().BeEmpty("Directory.Packages.props holds all versions");
    }

    [Fact]
    public void Every_listed_version_is_used()
    {
        var used = Projects().Concat(["Directory.Build.targets"])
            .SelectMany(path => XDocument.Parse(Repository.Read(path)).Descendants("PackageReference"))
            .Select(reference => reference.Attribute("Include")?.Value).ToHashSet();

        Versions().Keys.Where(package => !used.Contains(package)).Should().BeEmpty("what nobody references is not pinned");
    }

    private static Dictionary<string, string> Versions() =>
        XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(element => element.Attribute("Include")!.Value, element => PackedRepository.PinnedVersion(element.Attribute("Include")!.Value));

    private static IEnumerable<string> Projects() =>
        new[] { "src", "tests", "examples", "bench" }
            .SelectMany(folder => new[] { "*.csproj", "*.props", "*.targets" }.SelectMany(pattern => Repository.Files(folder, pattern)));

    [GeneratedRegex(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$")]
    private static partial Regex Exact();
}
