using System.Text.Json.Nodes;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Observability.Tests.Page;

/// <summary>What the page knows when its coordinator goes on with a run.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs-history-").FullName;

    private string History => Path.Combine(_folder, "rounds.jsonl");

    [Fact]
    public async Task After_a_restart_the_page_shows_the_rounds_before_and_all_of_the_open_one()
    {
        var store = new InMemoryRoundStore();
        var rounds = Federation.Options(6);
        var goOn = new TaskCompletionSource();
        Task run;
        JsonNode before;
        await using (var host = await RunHost.StartAsync(rounds, page => page.HistoryFile = History, store))
        {
            using var viewer = await EventReader.OpenAsync(host.Address);
            run = await Federation.RunUntilAsync(host, 3, goOn.Task);
            await host.Coordinator.UploadAsync(Update("anna", 100, 1.5));
            await viewer.UntilAsync(message => message["rounds"]!.AsArray().Any(row => row!["round"]!.GetValue<int>() == 3 && row["accepted"]!.GetValue<int>() == 1));
            using var again = await EventReader.OpenAsync(host.Address);
            before = await again.MessageAsync();
            await HistoryOfAsync(rounds: 2);
        }

        goOn.SetResult();
        await FluentActions.Awaiting(() => run).Should().ThrowAsync<TransportException>("their coordinator has gone");

        await File.AppendAllTextAsync(History, "\n{\"run\":\"letters\",\"round\":{\"round\":3,\"dev"); // killed while it wrote
        await using var next = await RunHost.StartAsync(rounds, page => page.HistoryFile = History, store);
        using var later = await EventReader.OpenAsync(next.Address);

        var after = await later.MessageAsync();

        after["rounds"]!.AsArray().Select(row => row!.ToJsonString()).Should().Equal(before["rounds"]!.AsArray().Select(row => row!.ToJsonString()));
        after["rounds"]![2]!["loss"]!.GetValue<double>().Should().Be(1.5, "the update of the open round is in the store");
        after["layers"]!.ToJsonString().Should().Be("""[{"layer":"h.0.mlp","share":0.5}]""");
    }

    [Theory]
    [InlineData(0.6107419)]
    [InlineData(12.3456789)]
    public async Task A_rounds_seconds_come_back_from_the_file_to_the_last_digit(double seconds)
    {
        var store = new InMemoryRoundStore();
        var options = new CoMiGS.Federation.RoundOptions { Count = 1 };
        await using (var host = await RunHost.StartAsync(options, page => page.HistoryFile = History, store))
        {
            await host.RunDeviceAsync("anna", new ScriptedTraining(10, _ => new Dictionary<string, double>())).WaitAsync(TimeSpan.FromSeconds(30));
            await HistoryOfAsync(rounds: 1);
        }

        var line = JsonNode.Parse(File.ReadLines(History).Single(text => text.Length > 0))!;
        line["round"]!["seconds"] = seconds;
        await File.WriteAllTextAsync(History, line.ToJsonString() + "\n");
        await using var next = await RunHost.StartAsync(options, page => page.HistoryFile = History, store);
        using var viewer = await EventReader.OpenAsync(next.Address);

        (await viewer.MessageAsync())["rounds"]!.AsArray().Single()!["seconds"]!.GetValue<double>().Should().Be(seconds);
    }

    [Fact]
    public async Task A_file_that_cannot_be_used_costs_the_page_its_past_and_the_run_nothing()
    {
        Directory.CreateDirectory(History);
        await using var host = await RunHost.StartAsync(new CoMiGS.Federation.RoundOptions { Count = 2 }, page => page.HistoryFile = History);

        await host.RunDeviceAsync("anna", new ScriptedTraining(10, _ => new Dictionary<string, double>())).WaitAsync(TimeSpan.FromSeconds(30));

        using var viewer = await EventReader.OpenAsync(host.Address);
        (await viewer.MessageAsync())["rounds"]!.AsArray().Should().HaveCount(2);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The file is written beside the run, which does not wait for it.</summary>
    private async Task HistoryOfAsync(int rounds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!File.Exists(History) || File.ReadLines(History).Count(line => line.EndsWith('}')) < rounds)
        {
            await Task.Delay(10, patience.Token);
        }
    }

    private static ExpertUpdate Update(string device, long samples, double loss) => new(
        "letters",
        3,
        device,
        1,
        "base",
        samples,
        new TensorSet([NamedTensor.FromFloats("h.0.lora_A", [3], [1, 2, 3])]),
        new Dictionary<string, double> { [UpdateMetrics.Loss] = loss, [UpdateMetrics.GeneralistShare("h.0.mlp")] = 0.5 });
}
