using System.Diagnostics;
using CoMiGS.Bench.Results;
using CoMiGS.Bench.Strategies;
using CoMiGS.Bench.Targets;

namespace CoMiGS.Bench.Tests;

public sealed class SmokeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs").FullName;

    [Fact]
    [Trait("Category", "Long")]
    public void A_smoke_run_measures_every_section_and_judges_every_target()
    {
        var page = Path.Combine(_folder, "benchmarks.md");
        var before = File.ReadAllText(Path.Combine(Root(), "docs", "benchmarks.md"));

        var (code, output) = Bench("--smoke", "--output", _folder);

        code.Should().Be(0, output);
        var results = BenchResults.Read(Path.Combine(_folder, "results.json"))!;
        results.Measurements.Should().OnlyContain(m => m.Values.Count > 0 && m.Values.All(double.IsFinite));
        results.Measurements.Select(m => m.Section).Distinct().Should().Equal(
            Suite.Sections.Where(section => section.Jobs(smoke: true).Any()).Select(section => section.Name));
        StrategyCases.All().Select(strategy => strategy.Name).Except(results.Of("strategy").Select(m => m.Case))
            .Should().Equal(["NoAggregation"], "it combines nothing");
        results.Targets.Should().NotBeEmpty().And.OnlyContain(row =>
            row.Measured == null ? row.Result == TargetRow.Unknown && row.Target.StartsWith("block, d = 768") : row.Result == TargetRow.Pass || row.Result == TargetRow.Fail, "a smoke run has smaller blocks, and leaves nothing else out");
        File.ReadAllText(page).Should().ContainAll(results.Targets.Select(row => row.Target));
        File.ReadAllText(Path.Combine(Root(), "docs", "benchmarks.md")).Should().Be(before, "a smoke run is no measurement");
    }

    [Fact]
    public void A_section_that_does_not_exist_is_named_with_those_that_do()
    {
        var (code, output) = Bench("blocks");

        code.Should().Be(2);
        output.Should().Contain("There is no section 'blocks'.").And.ContainAll(Suite.Sections.Select(section => section.Name));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (int Code, string Output) Bench(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Suite).Assembly.Location, .. arguments]) { WorkingDirectory = Root(), RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CoMiGS.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No CoMiGS.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
