using System.Net;
using System.Security.Cryptography;
using CoMiGS.Federation;
using CoMiGS.Transport.Http.Security;
using CoMiGS.Transport.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Transport.Http.Tests.Faults;

/// <summary>A coordinator as one would run it, with Kestrel, TLS and a store, that can be cut off and started again under its devices.</summary>
/// <param name="store">Opens the store, as another process would.</param>
/// <param name="rounds">How to lead the run.</param>
/// <param name="configure">What else the transport is to be told.</param>
/// <param name="log">Where to log; nowhere if none is given.</param>
internal sealed class RunHost(Func<IRoundStore> store, Action<RoundOptions> rounds, Action<HttpCoordinatorOptions>? configure = null, ILoggerProvider? log = null) : IAsyncDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DeviceRegistry _registry = new();
    private WebApplication? _app;

    public TestAuthority Authority { get; } = new();

    public int Port { get; private set; }

    public Coordinator Coordinator => _app!.Services.GetRequiredService<Coordinator>();

    public async Task StartAsync()
    {
        _app = Build();
        await _app.StartAsync();
        Port = new Uri(_app.Urls.Single()).Port;
    }

    /// <summary>Whoever is connected is cut off; another coordinator takes over.</summary>
    public async Task RestartAsync()
    {
        await _app!.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        await StartAsync();
    }

    /// <summary>Options of a device that does not give up.</summary>
    public HttpDeviceOptions Patient()
    {
        var options = new HttpDeviceOptions { FirstRetry = TimeSpan.FromMilliseconds(20), LongestRetry = TimeSpan.FromMilliseconds(200), Retries = 200, Seed = 1 };
        options.ServerAuthorities.Add(Authority.Certificate);
        return options;
    }

    public Task<DeviceToken> EnrolAsync(string name) => DeviceEnrolment.EnrolAsync(new Uri($"https://localhost:{Port}"), _registry.IssueCode(name, DateTimeOffset.MaxValue), Patient());

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _registry.Dispose();
        _key.Dispose();
        Authority.Dispose();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseCoMiGSLimits();
            kestrel.Listen(IPAddress.Loopback, Port, listen => listen.UseHttps(Authority.Server()));
        });
        builder.Services.AddCoMiGS().AddCoordinator(c =>
        {
            ((IStoreBuilder)c).UseStore(_ => store());
            c.UseRounds(rounds).UseTransport(t => t.Http(o =>
            {
                o.ClientAuthorities.Add(Authority.Certificate);
                (o.TokenKey, o.Registry, o.RetryAfter, o.StrangersPerSecond) = (_key, _registry, TimeSpan.FromMilliseconds(50), 1000);
                configure?.Invoke(o);
            }));
        });
        var app = builder.Build();
        app.MapCoMiGSCoordinator();
        return app;
    }
}
