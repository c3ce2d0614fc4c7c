using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoMiGS.Transport.Http;

/// <summary>Chooses HTTPS where devices and coordinators are composed: <c>UseTransport(t => t.Http(...))</c>.</summary>
public static class HttpTransportExtensions
{
    /// <summary>Reaches the coordinator over HTTPS.</summary>
    /// <param name="transport">Where the device is composed.</param>
    /// <param name="address">The coordinator's address, for example <c>https://coordinator:5001</c>.</param>
    /// <param name="options">The device's identity, and how patient it is.</param>
    public static IDeviceTransportBuilder Http(this IDeviceTransportBuilder transport, string address, Action<HttpDeviceOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var chosen = new HttpDeviceOptions();
        options?.Invoke(chosen);
        transport.Use(services => new HttpDeviceTransport(new Uri(address), chosen, services.GetService<TimeProvider>()), owned: true);
        return transport;
    }

    /// <summary>Listens over HTTPS, at the addresses that <see cref="CoordinatorEndpoints.MapCoMiGSCoordinator"/> gives it.</summary>
    /// <param name="transport">Where the coordinator is composed.</param>
    /// <param name="options">Whom to let in.</param>
    public static ICoordinatorTransportBuilder Http(this ICoordinatorTransportBuilder transport, Action<HttpCoordinatorOptions> options)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        var chosen = new HttpCoordinatorOptions();
        options(chosen);
        transport.Use(services => new HttpCoordinatorTransport(chosen, services.GetService<TimeProvider>(), services.GetService<ILoggerFactory>()?.CreateLogger<HttpCoordinatorTransport>()));
        return transport;
    }
}
