using CoMiGS.Demo.Text;

namespace CoMiGS.Demo.Tests.Text;

public sealed class SdkFolderTests
{
    [Fact]
    public void The_running_SDK_is_found() => Directory.Exists(SdkFolder.Find()).Should().BeTrue();

    [Fact]
    public void The_highest_version_wins_by_number_and_a_release_over_its_previews()
    {
        using var root = new TemporaryFolder();
        foreach (var version in new[] { "9.0.305", "10.0.99", "10.0.401-preview.2", "10.0.401", "NuGetFallbackFolder" })
        {
            Directory.CreateDirectory(root.Of("sdk", version));
        }

        SdkFolder.Find([root.Path]).Should().Be(root.Of("sdk", "10.0.401"));
    }

    [Fact]
    public void The_first_root_with_an_SDK_counts()
    {
        using var without = new TemporaryFolder();
        using var with = new TemporaryFolder();
        Directory.CreateDirectory(with.Of("sdk", "10.0.100"));

        SdkFolder.Find([without.Path, with.Path]).Should().Be(with.Of("sdk", "10.0.100"));
    }

    [Fact]
    public void No_SDK_anywhere_is_refused_with_the_places_looked_at()
    {
        using var root = new TemporaryFolder();

        var finding = () => SdkFolder.Find([root.Path]);

        finding.Should().Throw<DemoException>().WithMessage($"*{root.Path}*DOTNET_ROOT*");
    }
}
