using System.Net;
using CoMiGS.Federation;
using CoMiGS.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>The coordinator's host, with Kestrel, TLS and a store, ends and is started again under its devices.</summary>
public sealed class RestartTests : IDisposable
{
    private const int Rounds = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Names = ["anna", "ben"];
    private readonly TestAuthority _authority = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs-restart-").FullName;

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Devices_reconnect_and_finish_after_every_restart_with_the_result_of_an_undisturbed_run()
    {
        var undisturbed = await RunAsync("undisturbed", restarts: 0);

        (await RunAsync("disturbed", restarts: 2)).Should().Equal(undisturbed);
    }

    private async Task<IReadOnlyList<float>> RunAsync(string run, int restarts)
    {
        var host = Host(run, port: 0);
        await host.StartAsync();
        var port = new Uri(host.Urls.Single()).Port;
        var trained = new SemaphoreSlim(0);
        var finished = Task.WhenAll(Names.Select(name => Task.Run(() => TakePartAsync(run, name, port, trained))));
        for (var i = 0; i < restarts; i++)
        {
            (await trained.WaitAsync(Patience)).Should().BeTrue();
            await host.StopAsync(new CancellationToken(canceled: true)); // at once: whoever is connected is cut off
            await host.DisposeAsync();
            host = Host(run, port);
            await host.StartAsync();
        }

        var ends = await finished.WaitAsync(Patience);
        await host.StopAsync();
        await host.DisposeAsync();
        ends[0].Should().Equal(ends[1]);
        return ends[0];
    }

    private async Task<float[]> TakePartAsync(string run, string name, int port, SemaphoreSlim trained)
    {
        var options = new HttpDeviceOptions { ClientCertificate = _authority.Client(name), FirstRetry = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(200), Retries = 200, Seed = 1 };
        options.ServerAuthorities.Add(_authority.Certificate);
        using var transport = new HttpDeviceTransport(new Uri($"https://localhost:{port}"), options);
        var training = new Counting(name, trained);
        await new FederatedDevice(run, name, training, transport).RunAsync();
        return training.Values;
    }

    private WebApplication Host(string run, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseCoMiGSLimits();
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(_authority.Server()));
        });
        builder.Services.AddCoMiGS().AddCoordinator(c => c
            .UseSqlite(Path.Combine(_folder, "runs.db"))
            .UseRounds(r => (r.Run, r.Count, r.MinimumDevices) = (run, Rounds, Names.Length))
            .UseTransport(t => t.Http(o =>
            {
                o.ClientAuthorities.Add(_authority.Certificate);
                o.RetryAfter = TimeSpan.FromMilliseconds(50);
            })));
        var app = builder.Build();
        app.MapCoMiGSCoordinator();
        return app;
    }

    /// <summary>Training without a model: what it sends follows from what it was given, and from nothing else.</summary>
    private sealed class Counting(string name, SemaphoreSlim trained) : ILocalTraining
    {
        public float[] Values { get; private set; } = new float[1000];

        public string BaseFingerprint => "base";

        public long Samples => name.Length;

        public IReadOnlyList<TensorSpec> SharedParameters { get; } = [new("generalist", TensorType.Float32, [1000])];

        public void InitialiseShared(long seed) => Values = [.. Enumerable.Repeat((float)seed, 1000)];

        public void Import(TensorSet parameters) => Values = parameters[0].AsFloats().ToArray();

        public TensorSet Export() => new([NamedTensor.FromFloats("generalist", [1000], Values)]);

        public IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
        {
            Values = [.. Values.Select((value, i) => (value * 0.9f) + (name[0] / (i + 7f)))];
            trained.Release();
            return new Dictionary<string, double>();
        }
    }
}
