using System.IO.Compression;
using System.Security.Cryptography;

namespace CoMiGS.Repository.Tests.Packages;

[Trait("Category", "Long")]
[Collection(PackedRepository.Collection)]
public sealed class PackageContentTests(PackedRepository packed)
{
    public static TheoryData<string> Ids => [.. PackedRepository.Ids];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_package_carries_its_page_its_documentation_and_its_license(string id)
    {
        using var package = PackedRepository.Open(packed.Feed, id);
        var entries = package.Entries.Select(entry => entry.FullName).ToList();

        entries.Should().Contain("README.md").And.Contain($"lib/net10.0/{id}.dll").And.Contain($"lib/net10.0/{id}.xml");
        var manifest = Text(package.GetEntry($"{id}.nuspec")!);
        manifest.Should().Contain("<readme>README.md</readme>").And.Contain("<license type=\"expression\">Apache-2.0</license>")
            .And.Contain("<description>").And.Contain($"<version>{PackedRepository.Version}</version>").And.Contain("commit=\"");
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Symbols_come_in_a_package_of_their_own(string id)
    {
        using var symbols = PackedRepository.Open(packed.Feed, id, "snupkg");

        symbols.Entries.Select(entry => entry.FullName).Should().Contain($"lib/net10.0/{id}.pdb");
    }

    [Fact]
    public void The_library_depends_on_one_torch_engine_only()
    {
        using var package = PackedRepository.Open(packed.Feed, "CoMiGS");

        var manifest = Text(package.GetEntry("CoMiGS.nuspec")!);

        manifest.Contains("id=\"TorchSharp\"", StringComparison.Ordinal).Should().Be(PackedRepository.OnTorchSharp);
        manifest.Contains("id=\"CoMiGS.LibTorch\"", StringComparison.Ordinal).Should().Be(!PackedRepository.OnTorchSharp);
        manifest.Should().Contain("id=\"CoMiGS.Transport.Abstractions\"");
    }

    [Fact]
    public void The_transport_abstractions_depend_on_nothing()
    {
        using var package = PackedRepository.Open(packed.Feed, "CoMiGS.Transport.Abstractions");

        Text(package.GetEntry("CoMiGS.Transport.Abstractions.nuspec")!).Should().NotContain("<dependency ");
    }

    [Fact]
    public void The_same_sources_give_the_same_assemblies()
    {
        var again = packed.Pack("second");

        foreach (var id in PackedRepository.Ids)
        {
            Hash(again, id).Should().Be(Hash(packed.Feed, id), "{0} was built twice from the same sources, in two places", id);
        }
    }

    private static string Hash(string feed, string id)
    {
        using var package = PackedRepository.Open(feed, id);
        using var assembly = package.GetEntry($"lib/net10.0/{id}.dll")!.Open();
        return Convert.ToHexString(SHA256.HashData(assembly));
    }

    private static string Text(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
