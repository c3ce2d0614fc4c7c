using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using CoMiGS.Federation;
using CoMiGS.Storage.Sqlite;
using Xunit.Abstractions;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>
/// A whole run over HTTPS and SQLite, with hundreds of random faults on the way and a coordinator that is cut off and started again. To repeat one: set COMIGS_FAULT_SEED to the seed that it printed.
/// </summary>
[Trait("Category", "Long")]
public sealed class UnquietRunTests(ITestOutputHelper output) : IDisposable
{
    private const int Faults = 200;
    private const int Restarts = 6;
    private const int Numbers = 40_000; // ten chunks of 16 KiB
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10); // against hanging
    private static readonly string[] Names = ["anna", "ben", "chloé", "デイ", "eve"];
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs-unquiet-").FullName;
    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("COMIGS_FAULT_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : RandomNumberGenerator.GetInt32(int.MaxValue);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Line.Bytes, 20)]
    [InlineData(Line.Requests, 12)]
    public async Task After_two_hundred_random_faults_nothing_is_lost_and_nothing_counts_twice(Line line, int rounds)
    {
        output.WriteLine($"COMIGS_FAULT_SEED={_seed}");
        var quiet = await RunAsync(Line.Good, rounds, restarts: 0);
        quiet.Faults.Should().Be(0);

        var unquiet = await RunAsync(line, rounds, Restarts);

        unquiet.Shared.Should().Equal(quiet.Shared, $"every update counted once, with COMIGS_FAULT_SEED={_seed}");
        unquiet.Faults.Should().BeGreaterThanOrEqualTo(Faults);
        var due = Enumerable.Range(1, rounds).SelectMany(round => Names.Select(name => (round, name))).Order().ToList();
        unquiet.Written.Select(update => (update.Round, update.Device)).Order().Should().Equal(due, "every update is in the journal exactly once");
        var attempts = unquiet.Written.ToDictionary(update => (update.Round, update.Device), update => update.Attempt);
        unquiet.Acknowledged.Should().OnlyContain(update => attempts[new(update.Round, update.Device)] == update.Attempt, "what a device was told that counts is in the journal");
    }

    private async Task<Outcome> RunAsync(Line line, int rounds, int restarts)
    {
        var (written, acknowledged) = (new ConcurrentQueue<ExpertUpdate>(), new ConcurrentQueue<ExpertUpdate>());
        var file = Path.Combine(_folder, $"{line}.db");
        await using var host = new RunHost(
            () => new WitnessStore(new SqliteRoundStore(file), written),
            r => (r.Count, r.MinimumDevices, r.CheckInWait, r.RetryWithin) = (rounds, Names.Length, TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(200)),
            o => o.ChunkBytes = 16 << 10);
        await host.StartAsync();
        await using var bytes = line == Line.Bytes ? new FaultProxy(host.Port, _seed, flips: true, Faults) : null;
        await using var requests = line == Line.Requests ? await HttpFaultProxy.StartAsync(host.Authority, host.Port, _seed, Faults, oneIn: 5) : null;
        var port = bytes?.Port ?? requests?.Port ?? host.Port;
        using var trained = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource(Patience);

        var devices = UntilOneFailsAsync([.. Names.Select(name => TakePartAsync(host, name, port, acknowledged, () => trained.Release(), stop.Token))], stop);
        for (var restart = 0; restart < restarts && !devices.IsCompleted; restart++)
        {
            for (var training = 0; training < Names.Length * rounds / (restarts + 1) && !devices.IsCompleted; training++)
            {
                await Task.WhenAny(trained.WaitAsync(stop.Token), devices);
            }

            await host.RestartAsync();
        }

        var ends = await devices;
        ends.Should().AllSatisfy(end => end.Should().Equal(ends[0]));
        host.Coordinator.Shared[0].AsFloats().ToArray().Should().Equal(ends[0]);
        var faults = (bytes?.Faults.Select(fault => (fault.Key.ToString(), fault.Value)) ?? requests?.Faults.Select(fault => (fault.Key, fault.Value)) ?? []).ToList();
        output.WriteLine($"{line}: {faults.Sum(fault => fault.Value)} faults ({string.Join(", ", faults.Order().Select(fault => $"{fault.Item1} {fault.Value}"))}), {restarts} restarts, {written.Count} updates in the journal, {acknowledged.Count} acknowledged");
        return new Outcome(ends[0], faults.Sum(fault => fault.Value), [.. written], [.. acknowledged]);
    }

    /// <summary>Waits for all; where one fails the others would wait for it.</summary>
    private static async Task<float[][]> UntilOneFailsAsync(IReadOnlyList<Task<float[]>> devices, CancellationTokenSource stop)
    {
        try
        {
            await foreach (var device in Task.WhenEach(devices))
            {
                await device;
            }

            return await Task.WhenAll(devices);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    private static async Task<float[]> TakePartAsync(RunHost host, string name, int port, ConcurrentQueue<ExpertUpdate> acknowledged, Action trained, CancellationToken stop)
    {
        using var token = await host.EnrolAsync(name);
        var options = host.Patient();
        (options.Token, options.ChunkBytes, options.Retries, options.Seed) = (token, 16 << 10, 1000, name[0]);
        (options.RequestTimeout, options.CheckInTimeout) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        using var transport = new HttpDeviceTransport(new Uri($"https://localhost:{port}"), options);
        var training = new CountingTraining(name, Numbers, trained);
        await Task.Run(() => new FederatedDevice("run", name, training, new WitnessTransport(transport, acknowledged)).RunAsync(stop), stop);
        return training.Values;
    }

    private sealed record Outcome(float[] Shared, int Faults, IReadOnlyList<ExpertUpdate> Written, IReadOnlyList<ExpertUpdate> Acknowledged);
}
