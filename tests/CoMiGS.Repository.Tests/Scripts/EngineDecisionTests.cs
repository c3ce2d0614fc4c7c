using System.IO.Compression;
using CoMiGS.Repository.Tests.Packages;

namespace CoMiGS.Repository.Tests.Scripts;

/// <summary>How set-up finds out whether the package feed has TorchSharp, on feeds made for the purpose.</summary>
public sealed class EngineDecisionTests : IDisposable
{
    private readonly TemporaryFolder feed = new();
    private readonly TemporaryFolder cache = new();
    private readonly TemporaryFolder tools = new();

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
    public void Natives_that_need_a_newer_runtime_than_the_machine_has_decide_against_the_packages() =>
        DecisionWhere("version `GLIBCXX_9.9' not found").Should().BeEquivalentTo("lacks", $"warning: TorchSharp {PackedRepository.PinnedVersion("TorchSharp")} does not load on this machine: version `GLIBCXX_9.9' not found.");

    [UnixFact]
    public void Natives_that_lack_a_library_of_another_package_decide_for_them() => DecisionWhere("libtorch.so => not found").Should().Equal("has");

    [UnixFact]
    public void An_empty_feed_does_not() => FeedHasTorch().Should().BeFalse();

    public void Dispose()
    {
        feed.Dispose();
        cache.Dispose();
        tools.Dispose();
    }

    /// <param name="needs">What the machine says that the native library needs.</param>
    private IReadOnlyList<string> DecisionWhere(string needs)
    {
        Add("TorchSharp", content: "runtimes/linux-x64/native/libLibTorchSharp.so");
        Add("TorchSharp-cpu", dependency: "TorchSharp");
        var ldd = Path.Combine(tools.Path, "ldd");
        File.WriteAllText(ldd, $"#!/bin/sh\necho \"{needs.Replace("`", "\\`", StringComparison.Ordinal)}\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(ldd, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return Decision();
    }

    private bool FeedHasTorch() => Decision().Should().ContainSingle().Which.Should().BeOneOf("has", "lacks").And.Subject == "has";

    private IReadOnlyList<string> Decision() =>
        CommandLine.Run(
            Repository.Root,
            "bash",
            ["-c", "source build/common.sh; source build/torch.sh; if feed_has_torch; then echo has; else echo lacks; fi"],
            new Dictionary<string, string?> { ["RestoreSources"] = feed.Path, ["NUGET_PACKAGES"] = cache.Path, ["PATH"] = $"{tools.Path}:{Environment.GetEnvironmentVariable("PATH")}" }).Succeeded().Lines;

    private void Add(string id, string? version = null, string? dependency = null, string? content = null)
    {
        version ??= PackedRepository.PinnedVersion(id);
        var dependencies = dependency is null ? "" : $"""<dependencies><group targetFramework="net6.0"><dependency id="{dependency}" version="{version}" /></group></dependencies>""";

        using var package = ZipFile.Open(Path.Combine(feed.Path, $"{id}.{version}.nupkg"), ZipArchiveMode.Create);
        if (content is not null)
        {
            package.CreateEntry(content);
        }

        using var manifest = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
        manifest.Write($"""
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata><id>{id}</id><version>{version}</version><authors>a test</authors><description>A test.</description>{dependencies}</metadata>
            </package>
            """);
    }
}
