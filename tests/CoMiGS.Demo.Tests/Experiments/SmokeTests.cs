using System.Text.Json;
using CoMiGS.Demo.Events;
using CoMiGS.Experiments;
using CoMiGS.Experiments.Configuration;

namespace CoMiGS.Demo.Tests.Experiments;

public sealed class SmokeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Configurations => new(
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "configs"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal));

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Configurations))]
    public async Task Every_method_of_a_configuration_runs(string name)
    {
        var config = Path.Combine(AppContext.BaseDirectory, "configs", $"{name}.json");
        var methods = ConfigReader.Read(config, ".").Methods.Select(method => method.Name);

        await ExperimentProgram.RunAsync(new ExperimentOptions(config, ".", _folder.Path, _folder.Of("cache"), 2, Smoke: true), new Silence(), CancellationToken.None);

        var cells = File.ReadLines(_folder.Of(ExperimentProgram.Results)).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        cells.Select(cell => cell.GetProperty("method").GetString()).Distinct().Should().BeEquivalentTo(methods);
        cells.Should().OnlyContain(cell => cell.GetProperty("problem").ValueKind == JsonValueKind.Null && cell.GetProperty("users").GetArrayLength() == 4);
        File.ReadAllText(_folder.Of(ExperimentProgram.Markdown)).Should().Contain("the figures mean nothing").And.NotContain("not finished");
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Silence : IProgress<DemoEvent>
    {
        public void Report(DemoEvent value)
        {
        }
    }
}
