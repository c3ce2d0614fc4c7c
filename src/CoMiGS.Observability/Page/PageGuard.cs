using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace CoMiGS.Observability.Page;

/// <summary>Who sees the page, and what a browser may do with it.</summary>
internal sealed class PageGuard(LivePageOptions options)
{
    // Scripts, styles and events of this very host, and nothing else: not even a script that got into the page would run.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    /// <returns>Whether the request is to be answered; else it has been.</returns>
    public bool IsWelcome(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        if (IsLocal(context) || (context.Request.IsHttps && (options.AllowAnyone || IsAuthorized(context))))
        {
            return true;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return false;
    }

    /// <summary>Whether the host's own rule stands before the page; it has let the request through then.</summary>
    private static bool IsAuthorized(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<IAllowAnonymous>() is null && (metadata.GetMetadata<IAuthorizeData>() ?? (object?)metadata.GetMetadata<AuthorizationPolicy>()) is not null;

    /// <summary>A request of this machine for this machine: no proxy's, and no strange page's that has its own name lead here.</summary>
    private static bool IsLocal(HttpContext context)
    {
        var request = context.Request;
        var host = request.Host.Host.Trim('[', ']');
        return (context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address))
            && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var named) && IPAddress.IsLoopback(named)))
            && !request.Headers.ContainsKey("X-Forwarded-For") && !request.Headers.ContainsKey("Forwarded");
    }
}
