using CoMiGS.Federation;
using CoMiGS.Storage.TestKit;
using CoMiGS.Transport.Storage;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>A store without room, seen from devices.</summary>
public sealed class FullStoreTests
{
    private const int Rounds = 3;
    private static readonly string[] Names = ["anna", "ben"];

    [Fact]
    public async Task A_store_that_is_full_for_a_while_costs_devices_over_https_nothing_but_time()
    {
        var undisturbed = await RunAsync(new InMemoryRoundStore());
        var refused = 0;
        var full = new FragileStore(new InMemoryRoundStore(), (appends, written) =>
        {
            if (!written && appends % 4 != 0)
            {
                refused++;
                throw new StoreException("The disk is full.");
            }
        });

        (await RunAsync(full)).Should().Equal(undisturbed);
        refused.Should().BeGreaterThan(Rounds * (Names.Length + 2));
    }

    private static async Task<float[]> RunAsync(IRoundStore store)
    {
        await using var host = new RunHost(() => store, r => (r.Count, r.MinimumDevices, r.RetryWithin) = (Rounds, Names.Length, TimeSpan.FromMilliseconds(50)));
        await host.StartAsync();
        var ends = await Task.WhenAll(Names.Select(name => Task.Run(async () =>
        {
            var options = host.Patient();
            options.ClientCertificate = host.Authority.Client(name);
            using var transport = new HttpDeviceTransport(new Uri($"https://localhost:{host.Port}"), options);
            var training = new CountingTraining(name, 100);
            await new FederatedDevice("run", name, training, transport).RunAsync();
            return training.Values;
        }))).WaitAsync(TimeSpan.FromMinutes(1));
        ends[0].Should().Equal(ends[1]);
        return ends[0];
    }
}
