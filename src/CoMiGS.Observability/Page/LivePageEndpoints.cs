using CoMiGS.Federation;
using CoMiGS.Observability.Runs;
using CoMiGS.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CoMiGS.Observability.Page;

/// <summary>Puts a page into an ASP.NET Core host that shows a run while it goes on.</summary>
public static class LivePageEndpoints
{
    /// <summary>
    /// Serves the page at <c>/</c> and its server-sent events at <c>/events</c>. Only this very machine sees it, unless the result gets <c>RequireAuthorization()</c> or the options say otherwise.
    /// A host with several runs maps one for each: <c>app.MapGroup("/letters").MapCoMiGSLivePage(coordinator: letters)</c>.
    /// </summary>
    /// <param name="endpoints">The host's routes.</param>
    /// <param name="configure">Says who sees the page, and what it shows.</param>
    /// <param name="coordinator">Whose run is shown; that of the container if none is given.</param>
    /// <param name="transport">Whose bytes are shown; that of the container if none is given.</param>
    /// <returns>The routes, to add conventions to, such as <c>RequireAuthorization()</c>.</returns>
    /// <exception cref="ArgumentException">The options break rules; all are listed.</exception>
    /// <exception cref="InvalidOperationException">There is no coordinator.</exception>
    public static IEndpointConventionBuilder MapCoMiGSLivePage(
        this IEndpointRouteBuilder endpoints,
        Action<LivePageOptions>? configure = null,
        Coordinator? coordinator = null,
        ICoordinatorTransport? transport = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = new LivePageOptions();
        configure?.Invoke(options);
        if (options.Violations().ToList() is { Count: > 0 } violations)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, violations), nameof(configure));
        }

        var services = endpoints.ServiceProvider;
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var run = new LiveRun(
            coordinator ?? services.GetService<Coordinator>() ?? throw new InvalidOperationException("The container holds no coordinator to show. Compose one with AddCoMiGS().AddCoordinator(...), or pass one."),
            transport ?? services.GetService<ICoordinatorTransport>(),
            options,
            time,
            services.GetService<ILoggerFactory>()?.CreateLogger(typeof(LivePageEndpoints)) ?? NullLogger.Instance);
        var viewers = new Viewers(run, options, time, services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None);
        return Map(endpoints, new PageGuard(options), viewers);
    }

    private static RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, PageGuard guard, Viewers viewers)
    {
        var group = endpoints.MapGroup("");
        foreach (var asset in PageAsset.All)
        {
            group.MapGet(asset.Path, context => guard.IsWelcome(context) ? asset.SendAsync(context) : Task.CompletedTask);
        }

        group.MapGet("/events", context => guard.IsWelcome(context) ? viewers.ServeAsync(context) : Task.CompletedTask);
        return group;
    }
}
