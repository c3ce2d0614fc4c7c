using System.Net;
using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Observability.Health;
using CoMiGS.Observability.Page;
using CoMiGS.Transport;
using CoMiGS.Transport.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Observability.Tests;

/// <summary>A host of a coordinator on a socket of this machine, with the page and the health checks; its devices call it in memory.</summary>
internal sealed class RunHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _app;
    private readonly Task _serving;

    private RunHost(RoundOptions rounds, Action<LivePageOptions> page, IRoundStore? store, TimeProvider time)
    {
        Coordinator = new Coordinator(rounds, new WeightedMean(), time: time, store: store);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSingleton(Coordinator);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<ICoordinatorTransport>(Transport);
        builder.Services.AddHealthChecks().AddCoMiGSCoordinator();
        _app = builder.Build();
        _app.MapCoMiGSLivePage(page);
        _app.MapCoMiGSHealth();
        _serving = Transport.ServeAsync(Coordinator, _stop.Token);
    }

    public InMemoryTransport Transport { get; } = new();

    public Coordinator Coordinator { get; }

    public Uri Address { get; private set; } = null!;

    public static async Task<RunHost> StartAsync(RoundOptions rounds, Action<LivePageOptions>? page = null, IRoundStore? store = null, TimeProvider? time = null)
    {
        var host = new RunHost(
            rounds,
            options =>
            {
                options.Interval = TimeSpan.FromMilliseconds(20);
                page?.Invoke(options);
            },
            store,
            time ?? TimeProvider.System);
        await host._app.StartAsync();
        host.Address = new Uri(host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return host;
    }

    public Task<RunFinished> RunDeviceAsync(string name, ILocalTraining training, CancellationToken cancellationToken = default) =>
        Task.Run(() => new FederatedDevice(Coordinator.Run, name, training, Transport, scheduler: new OwnThreads()).RunAsync(cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        await _app.StopAsync();
        await _app.DisposeAsync();
        Coordinator.Dispose();
        _stop.Dispose();
    }
}
