using CoMiGS.Federation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace CoMiGS.Observability.Health;

/// <summary>Adds a coordinator to the health checks of its host: <c>services.AddHealthChecks().AddCoMiGSCoordinator()</c>.</summary>
public static class CoordinatorHealthExtensions
{
    internal const string Live = "live";
    internal const string Ready = "ready";

    /// <summary>
    /// Adds two checks: <c>comigs-live</c>, tagged <c>live</c>, fails when the run cannot go on in this process; <c>comigs-ready</c>, tagged <c>ready</c>, fails while the coordinator cannot take
    /// updates, and says what it waits for.
    /// </summary>
    /// <param name="checks">The host's checks.</param>
    /// <param name="coordinator">Finds the coordinator; that of the container if none is given.</param>
    /// <param name="name">What the names of the checks begin with.</param>
    /// <returns>The host's checks.</returns>
    public static IHealthChecksBuilder AddCoMiGSCoordinator(this IHealthChecksBuilder checks, Func<IServiceProvider, Coordinator>? coordinator = null, string name = "comigs")
    {
        ArgumentNullException.ThrowIfNull(checks);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        coordinator ??= services => services.GetRequiredService<Coordinator>();
        checks.Add(new HealthCheckRegistration($"{name}-{Live}", services => new LiveCheck(coordinator(services)), null, [Live]));
        checks.Add(new HealthCheckRegistration(
            $"{name}-{Ready}",
            services => new ReadyCheck(coordinator(services), services.GetService<TimeProvider>() ?? TimeProvider.System, services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None),
            null,
            [Ready]));
        return checks;
    }
}
