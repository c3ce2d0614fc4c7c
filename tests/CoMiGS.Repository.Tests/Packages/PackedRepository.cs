using System.IO.Compression;
using System.Xml.Linq;

namespace CoMiGS.Repository.Tests.Packages;

/// <summary>The packages of this working copy, packed once for all tests.</summary>
[CollectionDefinition(Collection)]
public sealed class PackedRepository : ICollectionFixture<PackedRepository>, IDisposable
{
    /// <summary>The tests that share the packages.</summary>
    public const string Collection = "packages";

    private readonly TemporaryFolder folder = new();

    public PackedRepository()
    {
        Feed = Pack("first");
    }

    /// <summary>The folder with the packages.</summary>
    public string Feed { get; }

    /// <summary>Whether the packages stand on TorchSharp's packages instead of <c>CoMiGS.LibTorch</c>.</summary>
    public static bool OnTorchSharp =>
#if TORCH_SYSTEM
        false;
#else
        true;
#endif

    /// <summary>The ids that this engine's packages have.</summary>
    public static IReadOnlyList<string> Ids =>
        [.. OnTorchSharp ? Array.Empty<string>() : ["CoMiGS.LibTorch"], "CoMiGS", "CoMiGS.Models", "CoMiGS.Observability", "CoMiGS.Storage.PostgreSql", "CoMiGS.Storage.Sqlite", "CoMiGS.Transport.Abstractions", "CoMiGS.Transport.Http"];

    /// <summary>The version in <c>Directory.Build.props</c>.</summary>
    public static string Version { get; } = Repository.Read("Directory.Build.props").Split("<Version>")[1].Split("</Version>")[0];

    /// <summary>The version of a package of others that this repository builds with.</summary>
    public static string PinnedVersion(string id)
    {
        var pinned = XDocument.Parse(Repository.Read("Directory.Packages.props"));
        var version = pinned.Descendants("PackageVersion").Single(element => element.Attribute("Include")?.Value == id).Attribute("Version")!.Value;
        return version.Trim('$', '(', ')') is var property && property == version ? version
            : Environment.GetEnvironmentVariable(property) ?? pinned.Descendants(property).Single().Value;
    }

    /// <summary>Packs a copy of the working copy, in a folder of its own, where nothing has been built yet.</summary>
    public string Pack(string name)
    {
        var copy = Path.Combine(folder.Path, name);
        CommandLine.Run(Repository.Root, "git", ["clone", "--quiet", "--shared", Repository.Root, copy]).Succeeded();
        var files = CommandLine.Run(Repository.Root, "git", ["ls-files", "--cached", "--others", "--exclude-standard"]).Succeeded().Lines;
        foreach (var file in files.Append("torch.local.props").Where(file => File.Exists(Repository.PathTo(file))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, file))!);
            File.Copy(Repository.PathTo(file), Path.Combine(copy, file), overwrite: true);
        }

        foreach (var id in Ids)
        {
            CommandLine.Dotnet(copy, "pack", $"src/{id}", "-c", "Release", "-p:ContinuousIntegrationBuild=true", "-v", "quiet", "--nologo").Succeeded();
        }

        return Path.Combine(copy, "artifacts", "packages");
    }

    internal static ZipArchive Open(string feed, string id, string extension = "nupkg") =>
        ZipFile.OpenRead(Path.Combine(feed, $"{id}.{Version}.{extension}"));

    public void Dispose() => folder.Dispose();
}
