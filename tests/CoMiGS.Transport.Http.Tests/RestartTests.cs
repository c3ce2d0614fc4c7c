using CoMiGS.Federation;
using CoMiGS.Storage.Sqlite;
using CoMiGS.Transport.Http.Tests.Faults;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>The coordinator's host, with Kestrel, TLS and a store, ends and is started again under its devices.</summary>
public sealed class RestartTests : IDisposable
{
    private const int Rounds = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Names = ["anna", "ben"];
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs-restart-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Devices_reconnect_and_finish_after_every_restart_with_the_result_of_an_undisturbed_run()
    {
        var undisturbed = await RunAsync("undisturbed", restarts: 0);

        (await RunAsync("disturbed", restarts: 2)).Should().Equal(undisturbed);
    }

    private async Task<IReadOnlyList<float>> RunAsync(string run, int restarts)
    {
        await using var host = new RunHost(() => new SqliteRoundStore(Path.Combine(_folder, "runs.db")), r => (r.Run, r.Count, r.MinimumDevices) = (run, Rounds, Names.Length));
        await host.StartAsync();
        using var trained = new SemaphoreSlim(0);
        var finished = Task.WhenAll(Names.Select(name => Task.Run(() => TakePartAsync(host, run, name, () => trained.Release()))));
        for (var i = 0; i < restarts; i++)
        {
            (await trained.WaitAsync(Patience)).Should().BeTrue();
            await host.RestartAsync();
        }

        var ends = await finished.WaitAsync(Patience);
        ends[0].Should().Equal(ends[1]);
        return ends[0];
    }

    private static async Task<float[]> TakePartAsync(RunHost host, string run, string name, Action trained)
    {
        var options = host.Patient();
        options.ClientCertificate = host.Authority.Client(name);
        using var transport = new HttpDeviceTransport(new Uri($"https://localhost:{host.Port}"), options);
        var training = new CountingTraining(name, 1000, trained);
        await new FederatedDevice(run, name, training, transport).RunAsync();
        return training.Values;
    }
}
