using CoMiGS.Federation;
using CoMiGS.Storage.Sqlite;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>A device whose process ends around its upload, and begins again with nothing but its name and certificate.</summary>
public sealed class DyingDeviceTests : IDisposable
{
    private const int Rounds = 3;
    private const int Numbers = 20_000; // five chunks of 16 KiB
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs-dying-").FullName;

    /// <summary>When a device dies, in its second round.</summary>
    public enum Death
    {
        Never,
        BeforeTheUpload,
        DuringTheUpload,
        BeforeTheReceipt,
        BeforeItHearsTheReceipt,
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Death.BeforeTheUpload)]
    [InlineData(Death.DuringTheUpload)]
    [InlineData(Death.BeforeTheReceipt)]
    [InlineData(Death.BeforeItHearsTheReceipt)]
    public async Task A_device_that_dies_before_during_or_after_its_upload_and_comes_back_changes_nothing(Death death)
    {
        var undisturbed = await RunAsync(Death.Never);

        (await RunAsync(death)).Should().Equal(undisturbed);
    }

    private async Task<float[]> RunAsync(Death death)
    {
        await using var host = new RunHost(
            () => new SqliteRoundStore(Path.Combine(_folder, $"{death}.db")),
            r => (r.Count, r.MinimumDevices, r.CheckInWait, r.RetryWithin) = (Rounds, 2, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(100)),
            o => o.ChunkBytes = 16 << 10);
        await host.StartAsync();
        var ben = LiveAsync(host, "ben", Death.Never);
        if (death != Death.Never)
        {
            (await LiveAsync(host, "anna", death).WaitAsync(Patience)).Should().BeNull("it has died");
        }

        var ends = await Task.WhenAll(LiveAsync(host, "anna", Death.Never), ben).WaitAsync(Patience);
        ends[0].Should().Equal(ends[1]);
        host.Coordinator.Shared[0].AsFloats().ToArray().Should().Equal(ends[0]);
        return ends[0]!;
    }

    /// <returns>What the device ends with; null if it dies.</returns>
    private static async Task<float[]?> LiveAsync(RunHost host, string name, Death death)
    {
        using var life = new CancellationTokenSource();
        var options = host.Patient();
        options.ClientCertificate = host.Authority.Client(name);
        var (rounds, chunks) = (0, 0);
        options.Handler = inner => new Tap(inner, async (request, send) =>
        {
            var path = request.RequestUri!.AbsolutePath;
            var (receipt, chunk) = (path.EndsWith("receipt", StringComparison.Ordinal), request.Method == HttpMethod.Put);
            var open = request.Method == HttpMethod.Post && path.Contains("uploads", StringComparison.Ordinal) && !receipt;
            rounds += open ? 1 : 0;
            chunks = open ? 0 : chunks + (chunk ? 1 : 0);
            if (rounds == 2 && ((death == Death.BeforeTheUpload && open) || (death == Death.DuringTheUpload && chunks == 3) || (death == Death.BeforeTheReceipt && receipt)))
            {
                await DieAsync();
            }

            var answer = await send();
            if (rounds == 2 && death == Death.BeforeItHearsTheReceipt && receipt)
            {
                await DieAsync();
            }

            return answer;
        });
        using var transport = new HttpDeviceTransport(new Uri($"https://localhost:{host.Port}"), options);
        var training = new CountingTraining(name, Numbers);
        try
        {
            await Task.Run(() => new FederatedDevice("run", name, training, transport).RunAsync(life.Token));
            return training.Values;
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            return null;
        }

        async Task DieAsync()
        {
            await life.CancelAsync();
            life.Token.ThrowIfCancellationRequested();
        }
    }
}
