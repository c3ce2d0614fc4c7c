using System.Net;
using CoMiGS.Federation;
using CoMiGS.Observability.Health;
using CoMiGS.Observability.Page;
using CoMiGS.Storage.Sqlite;
using CoMiGS.Transport.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Observability.Tests.Telemetry;

/// <summary>A coordinator with a store on disk, composed as a host composes it; its devices call it over sockets.</summary>
internal sealed class HttpRun : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("comigs-telemetry-").FullName;
    private readonly WebApplication _app;

    private HttpRun(int rounds, int devices)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddCoMiGS().AddCoordinator(c => c
            .UseSqlite(Path.Combine(_folder, "run.db"))
            .UseRounds(r => (r.Count, r.MinimumDevices, r.ExpectedDevices, r.LocalSteps) = (rounds, devices, devices, 2))
            .UseTransport(t => t.Http(o => (o.AllowUnknownDevices, o.AllowPlainHttpOnLoopback, o.UploadFolder) = (true, true, _folder))));
        builder.Services.AddHealthChecks().AddCoMiGSCoordinator();
        _app = builder.Build();
        _app.MapCoMiGSCoordinator();
        _app.MapCoMiGSLivePage();
        _app.MapCoMiGSHealth();
    }

    public Uri Address { get; private set; } = null!;

    public Coordinator Coordinator => _app.Services.GetRequiredService<Coordinator>();

    public HttpCoordinatorTransport Transport => (HttpCoordinatorTransport)_app.Services.GetRequiredService<CoMiGS.Transport.ICoordinatorTransport>();

    public static async Task<HttpRun> StartAsync(int rounds, int devices)
    {
        var run = new HttpRun(rounds, devices);
        await run._app.StartAsync();
        run.Address = new Uri(run._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return run;
    }

    public HttpDeviceTransport Device() => new(Address, new HttpDeviceOptions { AllowPlainHttpOnLoopback = true });

    /// <summary>Ends when all requests have.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
