using System.Net;
using System.Security.Cryptography;
using CoMiGS.Transport.Http.Security;
using CoMiGS.Transport.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>A coordinator's host on a socket of this machine, with Kestrel and, but for <see cref="Identity.None"/>, with TLS.</summary>
internal sealed class HttpHost : TransportUnderTest
{
    private readonly List<IDisposable> _owned = [];
    private readonly Identity _identity;
    private readonly PayloadLimits _limits;
    private WebApplication? _app;

    private HttpHost(Identity identity, PayloadLimits limits)
    {
        _identity = identity;
        _limits = limits;
        Options.Limits = limits;
        Options.RetryAfter = TimeSpan.FromMilliseconds(100);
        Options.AllowPlainHttpOnLoopback = Options.AllowUnknownDevices = identity == Identity.None;
        if (identity == Identity.Certificate)
        {
            Options.ClientAuthorities.Add(Authority.Certificate);
        }

        Options.TokenKey = identity == Identity.Token ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
    }

    public TestAuthority Authority { get; } = new();

    public HttpCoordinatorOptions Options { get; } = new();

    public HttpCoordinatorTransport Transport { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    /// <summary>Where devices call; the host's own address unless something stands in between.</summary>
    public Uri Entrance { get; set; } = null!;

    public override ICoordinatorTransport Coordinator => Transport;

    public static async Task<HttpHost> StartAsync(Identity identity, PayloadLimits? limits = null, Action<HttpCoordinatorOptions>? configure = null, TimeProvider? time = null, TimeSpan? patience = null)
    {
        var host = new HttpHost(identity, limits ?? PayloadLimits.Default);
        configure?.Invoke(host.Options);
        host.Transport = new HttpCoordinatorTransport(host.Options, time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseCoMiGSLimits(patience);
            kestrel.Listen(IPAddress.Loopback, 0, host.Listen);
        });
        host._app = builder.Build();
        host._app.MapCoMiGSCoordinator(host.Transport);
        await host._app.StartAsync();
        var listening = new Uri(host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        host.Address = host.Entrance = new Uri($"{(identity == Identity.None ? "http" : "https")}://localhost:{listening.Port}");
        return host;
    }

    public override IDeviceTransport Device(string name) => Device(name, Impatient());

    public HttpDeviceTransport Device(string name, HttpDeviceOptions options)
    {
        if (_identity == Identity.Token)
        {
            options.Token ??= EnrolAsync(name).GetAwaiter().GetResult();
        }
        else if (_identity == Identity.Certificate)
        {
            options.ClientCertificate ??= Authority.Client(name);
        }

        var device = new HttpDeviceTransport(Entrance, options);
        _owned.Add(device);
        return device;
    }

    public Task<DeviceToken> EnrolAsync(string name) =>
        DeviceEnrolment.EnrolAsync(Address, Options.Registry.IssueCode(name, DateTimeOffset.MaxValue), Impatient());

    /// <summary>Options of a device that gives up soon.</summary>
    public HttpDeviceOptions Impatient(int retries = 6)
    {
        var options = new HttpDeviceOptions
        {
            Limits = _limits,
            AllowPlainHttpOnLoopback = true,
            Retries = retries,
            FirstRetry = TimeSpan.FromMilliseconds(20),
            LongestRetry = TimeSpan.FromMilliseconds(500),
            Seed = 1,
        };
        options.ServerAuthorities.Add(Authority.Certificate);
        return options;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            owned.Dispose();
        }

        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        Options.TokenKey?.Dispose();
        Authority.Dispose();
        await base.DisposeAsync();
    }

    private void Listen(ListenOptions listen)
    {
        if (_identity != Identity.None)
        {
            listen.UseHttps(Authority.Server());
        }
    }
}
