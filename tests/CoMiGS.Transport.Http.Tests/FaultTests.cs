using System.Collections.Concurrent;
using CoMiGS.Transport.TestKit;
using Xunit.Abstractions;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>Transfers over a line that breaks again and again complete or fail cleanly, and nothing counts twice.</summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int Devices = 4;
    private const int Turns = 6;

    [Theory]
    [InlineData(Identity.Token, 1, true)]
    [InlineData(Identity.Certificate, 2, true)]
    [InlineData(Identity.None, 3, false)]
    public Task Over_a_bad_line_every_update_counts_once_and_every_download_is_whole(Identity identity, int seed, bool flips) => RunAsync(identity, seed, flips, Turns);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(Identity.Token, 11, true)]
    [InlineData(Identity.None, 12, false)]
    public Task Over_a_bad_line_for_a_long_time_every_update_counts_once_and_every_download_is_whole(Identity identity, int seed, bool flips) =>
        RunAsync(identity, seed, flips, turns: 60);

    private async Task RunAsync(Identity identity, int seed, bool flips, int turns)
    {
        output.WriteLine($"seed {seed}");
        var counted = new ConcurrentDictionary<(string Device, int Attempt), byte[]>();
        var tensors = Enumerable.Range(1, turns).Select(version => Sample.Tensors(200_000, version)).ToArray();
        var coordinator = new AnsweringCoordinator
        {
            OnDownload = (request, _) => Task.FromResult(tensors[request.Version - 1]),
            OnUpload = (update, _) => // as the coordinator does: a repeat of an attempt counts once
            {
                var bytes = PayloadCodec.Encode(update);
                counted.GetOrAdd((update.Device, update.Attempt), bytes).Should().Equal(bytes, "a repeat is the same update");
                return Task.FromResult(UpdateReceipt.Counted);
            },
        };
        await using var host = await HttpHost.StartAsync(identity, configure: o => (o.ChunkBytes, o.StrangersPerSecond) = (32 << 10, 1000));
        await using var serving = new Serving(host.Coordinator, coordinator);
        await using var proxy = new FaultProxy(host.Address.Port, seed, flips);
        host.Entrance = new UriBuilder(host.Address) { Port = proxy.Port }.Uri;
        var failures = 0;

        await Task.WhenAll(Enumerable.Range(0, Devices).Select(async number =>
        {
            var name = $"device {number}";
            var options = host.Impatient(retries: 12);
            options.ChunkBytes = 32 << 10;
            options.RequestTimeout = TimeSpan.FromSeconds(5);
            options.CheckInTimeout = TimeSpan.FromSeconds(5);
            options.HttpVersion = number % 2 == 0 ? System.Net.HttpVersion.Version20 : System.Net.HttpVersion.Version11;
            options.Seed = number;
            var device = host.Device(name, options);
            for (var turn = 1; turn <= turns; turn++)
            {
                await UntilAsync(() => device.CheckInAsync(Sample.CheckIn(name)));
                var got = await UntilAsync(() => device.DownloadAsync(new DownloadRequest("run", name, turn)));
                PayloadCodec.Encode(got).AsSpan().SequenceEqual(PayloadCodec.Encode(tensors[turn - 1])).Should().BeTrue();
                (await UntilAsync(() => device.UploadAsync(Sample.Update(name, Sample.Tensors(200_000, Key(number, turn)), turn)))).Should().Be(UpdateReceipt.Counted);
            }
        })).WaitAsync(TimeSpan.FromMinutes(8));

        counted.Should().HaveCount(Devices * turns);
        for (var number = 0; number < Devices; number++)
        {
            for (var turn = 1; turn <= turns; turn++)
            {
                var sent = PayloadCodec.Encode(Sample.Update($"device {number}", Sample.Tensors(200_000, Key(number, turn)), turn));
                counted[($"device {number}", turn)].AsSpan().SequenceEqual(sent).Should().BeTrue();
            }
        }

        var faults = proxy.Faults.Values.Sum();
        output.WriteLine($"{faults} faults ({string.Join(", ", proxy.Faults.OrderBy(fault => fault.Key).Select(fault => $"{fault.Key} {fault.Value}"))}), {failures} calls failed and were repeated");
        faults.Should().BeGreaterThan(5 * turns);

        async Task<T> UntilAsync<T>(Func<Task<T>> call)
        {
            while (true)
            {
                try
                {
                    return await call();
                }
                catch (TransportException)
                {
                    Interlocked.Increment(ref failures); // clean: the call may be repeated
                }
            }
        }

        static int Key(int number, int turn) => (number * 1000) + turn;
    }
}
