using CoMiGS.Federation;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CoMiGS.Observability.Health;

/// <summary>Whether a run can go on in this process.</summary>
internal sealed class LiveCheck(Coordinator coordinator) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        coordinator.Finished is { IsFaulted: true, Exception.InnerException: var failure }
            ? new HealthCheckResult(context.Registration.FailureStatus, "the run failed; the log says why", failure)
            : HealthCheckResult.Healthy(coordinator.Status.WaitingFor));
}
