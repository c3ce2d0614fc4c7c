using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoMiGS.Transport.Http;

/// <summary>Puts a coordinator into an ASP.NET Core host.</summary>
public static class CoordinatorEndpoints
{
    /// <summary>
    /// Gives the coordinator its addresses, below <c>/comigs/v1</c>. If the container holds a coordinator (<c>AddCoMiGS().AddCoordinator(...)</c>), it is served from the
    /// start of the host to its end; else whoever calls <see cref="HttpCoordinatorTransport.ServeAsync"/> does that.
    /// </summary>
    /// <param name="endpoints">The host's routes.</param>
    /// <param name="transport">The transport; that of the container if none is given.</param>
    /// <returns>The routes, to add conventions to.</returns>
    /// <exception cref="InvalidOperationException">There is no transport over HTTP.</exception>
    public static IEndpointConventionBuilder MapCoMiGSCoordinator(this IEndpointRouteBuilder endpoints, HttpCoordinatorTransport? transport = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        transport ??= services.GetService<ICoordinatorTransport>() as HttpCoordinatorTransport
            ?? throw new InvalidOperationException("The container holds no transport over HTTP. Compose the coordinator with UseTransport(t => t.Http(...)), or pass a transport.");
        if (services.GetService<ICoordinatorEndpoint>() is { } coordinator)
        {
            Serve(services.GetRequiredService<IHostApplicationLifetime>(), transport, coordinator);
        }

        return transport.Map(endpoints);
    }

    private static void Serve(IHostApplicationLifetime host, HttpCoordinatorTransport transport, ICoordinatorEndpoint coordinator)
    {
        var serving = Task.CompletedTask;
        host.ApplicationStarted.Register(() => serving = transport.ServeAsync(coordinator, host.ApplicationStopping));
        host.ApplicationStopped.Register(() => serving.GetAwaiter().GetResult()); // it has ended long since; a failure is the host's to report
    }
}
