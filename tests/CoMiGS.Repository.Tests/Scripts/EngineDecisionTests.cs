using System.IO.Compression;
using CoMiGS.Repository.Tests.Packages;

namespace CoMiGS.Repository.Tests.Scripts;

/// <summary>How set-up finds out whether the package feed has TorchSharp, on feeds made for the purpose.</summary>
public sealed class EngineDecisionTests : IDisposable
{
    private readonly TemporaryFolder feed = new();
    private readonly TemporaryFolder cache = new();

    [UnixFact]
    public void A_feed_with_everything_decides_for_the_packages()
    {
        Add("TorchSharp");
        Add("TorchSharp-cpu", dependency: "TorchSharp");

        FeedHasTorch().Should().BeTrue();
    }

    [UnixFact]
    public void A_feed_that_lists_the_package_without_its_native_dependency_does_not()
    {
        Add("TorchSharp");
        Add("TorchSharp-cpu", dependency: "libtorch-cpu");

        FeedHasTorch().Should().BeFalse();
    }

    [UnixFact]
    public void A_feed_with_another_version_does_not()
    {
        Add("TorchSharp", "0.1.0");
        Add("TorchSharp-cpu", "0.1.0");

        FeedHasTorch().Should().BeFalse();
    }

    [UnixFact]
    public void An_empty_feed_does_not() => FeedHasTorch().Should().BeFalse();

    public void Dispose()
    {
        feed.Dispose();
        cache.Dispose();
    }

    private bool FeedHasTorch()
    {
        var result = CommandLine.Run(
            Repository.Root,
            "bash",
            ["-c", "source build/common.sh; source build/torch.sh; if feed_has_torch; then echo has; else echo lacks; fi"],
            new Dictionary<string, string?> { ["RestoreSources"] = feed.Path, ["NUGET_PACKAGES"] = cache.Path }).Succeeded();
        result.Lines.Should().ContainSingle().Which.Should().BeOneOf("has", "lacks");
        return result.Lines[0] == "has";
    }

    private void Add(string id, string? version = null, string? dependency = null)
    {
        version ??= PackedRepository.PinnedVersion(id);
        var dependencies = dependency is null ? "" : $"""<dependencies><group targetFramework="net6.0"><dependency id="{dependency}" version="{version}" /></group></dependencies>""";

        using var package = ZipFile.Open(Path.Combine(feed.Path, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var manifest = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
        manifest.Write($"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata><id>{id}</id><version>{version}</version><authors>a test</authors><description>A test.</description>{dependencies}</metadata>
            </package>
            """);
    }
}
