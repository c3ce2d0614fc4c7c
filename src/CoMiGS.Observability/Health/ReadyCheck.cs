using CoMiGS.Federation;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CoMiGS.Observability.Health;

/// <summary>
/// Whether a coordinator can take updates. While its store fails it cannot; after a while without a failure devices are let in again, since nobody would learn otherwise that the store
/// works again.
/// </summary>
internal sealed class ReadyCheck(Coordinator coordinator, TimeProvider time, CancellationToken stopping) : IHealthCheck
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Look(context.Registration.FailureStatus));

    private HealthCheckResult Look(HealthStatus failure)
    {
        if (stopping.IsCancellationRequested)
        {
            return new HealthCheckResult(failure, "the host is stopping");
        }

        if (coordinator.Finished is { IsFaulted: true, Exception.InnerException: var failed })
        {
            return new HealthCheckResult(failure, "the run failed; the log says why", failed);
        }

        var status = coordinator.Status;
        if (status.Trouble is not { } trouble)
        {
            return HealthCheckResult.Healthy(status.WaitingFor);
        }

        return time.GetUtcNow() - trouble.Last < Quiet
            ? new HealthCheckResult(failure, $"the store fails since {trouble.Since:O}; the log says why", trouble.Failure)
            : HealthCheckResult.Degraded($"the store failed at {trouble.Last:O}, and nothing was written since; {status.WaitingFor}", trouble.Failure);
    }
}
