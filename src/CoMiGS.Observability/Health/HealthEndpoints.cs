using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CoMiGS.Observability.Health;

/// <summary>Puts health checks into an ASP.NET Core host.</summary>
public static class HealthEndpoints
{
    /// <summary>
    /// Answers at <c>/health/live</c> and <c>/health/ready</c> with status 200 or, if a check fails, 503, and a JSON object that says what each check sees. Of an exception it says nothing: that is the log's.
    /// </summary>
    /// <param name="endpoints">The host's routes.</param>
    /// <param name="path">What both addresses begin with.</param>
    /// <returns>The routes, to add conventions to.</returns>
    /// <exception cref="InvalidOperationException">The host has no health checks: <c>services.AddHealthChecks().AddCoMiGSCoordinator()</c> is missing.</exception>
    public static IEndpointConventionBuilder MapCoMiGSHealth(this IEndpointRouteBuilder endpoints, string path = "/health")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var group = endpoints.MapGroup(path);
        group.MapHealthChecks("/live", Tagged(CoordinatorHealthExtensions.Live));
        group.MapHealthChecks("/ready", Tagged(CoordinatorHealthExtensions.Ready));
        return group;
    }

    private static HealthCheckOptions Tagged(string tag) => new() { Predicate = check => check.Tags.Contains(tag), ResponseWriter = WriteAsync };

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.Body);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", entry.Status.ToString());
            json.WriteString("description", entry.Description);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
