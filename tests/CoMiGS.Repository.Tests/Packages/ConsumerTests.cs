namespace CoMiGS.Repository.Tests.Packages;

/// <summary>Somebody installs the packages into an empty folder and uses them.</summary>
[Trait("Category", "Long")]
[Collection(PackedRepository.Collection)]
public sealed class ConsumerTests(PackedRepository packed) : IDisposable
{
    private const string Program = """
        using CoMiGS;
        using CoMiGS.Models;
        using static TorchSharp.torch;

        var model = new Gpt(new GptOptions { VocabularySize = 256, BlockSize = 16, Layers = 2, Heads = 2, Width = 16 });
        using var moe = model.AddExperts(new ExpertOptions { Generalists = 1, Specialists = 1, Rank = 4, TopK = 2 });
        using var optimizer = optim.AdamW(moe.ExpertParameters(), lr: 1e-2);
        var x = arange(32, dtype: ScalarType.Int64).reshape(2, 16);
        for (var step = 0; step < 2; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var loss = nn.functional.cross_entropy(model.call(x).flatten(0, 1), x.flatten()) + moe.BalanceLoss();
            loss.backward();
            optimizer.step();
            Console.WriteLine($"loss {loss.item<float>():F6}");
        }

        moe.Save("adapters");
        foreach (var file in Directory.EnumerateFiles("adapters", "*.safetensors", SearchOption.AllDirectories))
        {
            Console.WriteLine($"saved {new FileInfo(file).Length > 0}");
        }
        """;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void A_new_project_installs_the_packages_trains_and_saves()
    {
        // The user's and the machine's own sources stand beside the feed: the packages' own dependencies come from there.
        folder.Write("nuget.config", $"""
            <configuration>
              <packageSources><add key="packed" value="{packed.Feed}" /></packageSources>
            </configuration>
            """);
        folder.Write("Consumer.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
            </Project>
            """);
        folder.Write("Program.cs", Program);

        Dotnet("add", "package", "CoMiGS", "--version", PackedRepository.Version);
        Dotnet("add", "package", "CoMiGS.Models", "--version", PackedRepository.Version);
        if (PackedRepository.OnTorchSharp)
        {
            Dotnet("add", "package", "TorchSharp-cpu", "--version", PackedRepository.PinnedVersion("TorchSharp-cpu"));
        }

        Dotnet("build", "-v", "quiet", "-c", "Release");
        var run = Dotnet("run", "--no-build", "-c", "Release");

        var losses = run.Lines.Where(line => line.StartsWith("loss ", StringComparison.Ordinal)).Select(line => double.Parse(line[5..])).ToList();
        losses.Should().HaveCount(2);
        losses[1].Should().BeLessThan(losses[0], "the second step is on the same tokens as the first");
        run.Lines.Should().Contain("saved True");
    }

    public void Dispose() => folder.Dispose();

    // A package folder of its own: neither a package of the same version from an earlier run nor this repository's build is in sight.
    private CommandResult Dotnet(params string[] arguments) => CommandLine.Run(
        folder.Path,
        "dotnet",
        arguments,
        new Dictionary<string, string?> { ["NUGET_PACKAGES"] = Path.Combine(folder.Path, "packages") }).Succeeded();
}
