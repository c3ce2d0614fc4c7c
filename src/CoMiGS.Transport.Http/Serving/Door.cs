using System.Net;
using CoMiGS.Transport.Http.Security;
using CoMiGS.Transport.Http.Wire;
using Microsoft.AspNetCore.Http;

namespace CoMiGS.Transport.Http.Serving;

/// <summary>Lets requests in whose sender is known, is not revoked, and does not call too often.</summary>
internal sealed class Door(HttpCoordinatorOptions options, TimeProvider time)
{
    private readonly TokenOffice? _office = options.TokenKey is { } key ? new TokenOffice(key, options.TokenLifetime, options.RenewableAfterEnd, time) : null;
    private readonly CertificateCheck _certificates = new(options.ClientAuthorities, time);
    private readonly ReplayMemory _replays = new(options.ClockTolerance);
    private readonly TokenBuckets _devices = new(options.RequestsPerSecond, time);
    private readonly TokenBuckets _strangers = new(options.StrangersPerSecond, time);

    /// <returns>Who sends the request.</returns>
    /// <exception cref="AnswerException">It is not let in.</exception>
    public async Task<Visitor> AdmitAsync(HttpContext context)
    {
        RequireTls(context);
        if (options.AllowUnknownDevices)
        {
            return Visitor.Unknown;
        }

        return new Visitor((await KnowAsync(context, toRenew: false).ConfigureAwait(false)).Device);
    }

    /// <summary>Exchanges a token that is good, or has just ended, for one of the same device, key and credential.</summary>
    /// <returns>The token.</returns>
    public async Task<string> RenewAsync(HttpContext context)
    {
        RequireTls(context);
        var (device, credential, proof) = await KnowAsync(context, toRenew: true).ConfigureAwait(false);
        return proof is null || _office is null
            ? throw AnswerException.Refuse(StatusCodes.Status400BadRequest, RefusalCode.Identity, "Only a token can be renewed here. Renew a certificate where it was signed.")
            : _office.Issue(device, proof.KeyThumbprint, time.GetUtcNow(), credential);
    }

    /// <summary>Enrols the holder of a key who has a one-time code.</summary>
    /// <returns>The token.</returns>
    public Task<string> EnrolAsync(HttpContext context)
    {
        RequireTls(context);
        return GuardAsync(context, async () =>
        {
            var now = time.GetUtcNow();
            var code = Authorization(context, WireHeaders.CodeScheme);
            if (_office is null || code is null || await ProofAsync(context).ConfigureAwait(false) is not { } proof)
            {
                throw Stranger("Enrolment takes a one-time code and a proof of a key.");
            }

            RequireFresh(context, proof, now);
            if (options.Registry.Redeem(code, proof.KeyThumbprint, now) is not { } device)
            {
                throw Stranger("The code is unknown, used up or too old. Ask for a new one.");
            }

            RequireNew(device, proof);
            return _office.Issue(device, proof.KeyThumbprint, now);
        });
    }

    private static AnswerException Stranger(string reason) => AnswerException.Refuse(StatusCodes.Status401Unauthorized, RefusalCode.Identity, reason);

    private static string? Authorization(HttpContext context, string scheme)
    {
        var value = context.Request.Headers.Authorization.ToString();
        return value.StartsWith(scheme + " ", StringComparison.Ordinal) ? value[(scheme.Length + 1)..] : null;
    }

    private static Task<Proof?> ProofAsync(HttpContext context)
    {
        var request = context.Request;
        var address = request.PathBase.ToUriComponent() + request.Path.ToUriComponent() + request.QueryString.ToUriComponent();
        return ProofReader.ReadAsync(request.Headers[WireHeaders.Proof].ToString(), request.Method, address);
    }

    private async Task<(string Device, string Credential, Proof? Proof)> KnowAsync(HttpContext context, bool toRenew)
    {
        var (device, credential, proof) = await GuardAsync(context, () => IdentifyAsync(context, toRenew)).ConfigureAwait(false);
        if (options.Registry.IsRevoked(device, credential))
        {
            throw AnswerException.Refuse(StatusCodes.Status403Forbidden, RefusalCode.Identity, $"Device {device} or its credential is revoked. Ask whoever leads the run.");
        }

        if (_devices.Take(device) is { } wait)
        {
            throw AnswerException.ComeBack(StatusCodes.Status429TooManyRequests, wait, wait * 2, $"Device {device} makes more than {options.RequestsPerSecond} requests a second.");
        }

        RequireNew(device, proof);
        return (device, credential, proof);
    }

    private async Task<(string Device, string Credential, Proof? Proof)> IdentifyAsync(HttpContext context, bool toRenew)
    {
        if (context.Connection.ClientCertificate is { } certificate && _certificates.Read(certificate) is var (subject, thumbprint))
        {
            return (subject, thumbprint, null);
        }

        if (Authorization(context, WireHeaders.TokenScheme) is not { } token || _office is null)
        {
            throw Stranger("The device shows no client certificate and no token that this coordinator trusts. Enrol it, or give it a certificate of the run's authority.");
        }

        if (await _office.ReadAsync(token, toRenew).ConfigureAwait(false) is not var (device, id, keyThumbprint))
        {
            TellTime(context, time.GetUtcNow()); // by a clock that is behind it may not have ended
            throw Stranger("The token is not this coordinator's, or has ended. Enrol the device again.");
        }

        if (await ProofAsync(context).ConfigureAwait(false) is not { } proof || proof.KeyThumbprint != keyThumbprint || proof.TokenHash != ProofClaims.HashOf(token))
        {
            throw Stranger("The request is not signed with the key that the token is bound to.");
        }

        RequireFresh(context, proof, time.GetUtcNow());
        return (device, id, proof);
    }

    private void RequireFresh(HttpContext context, Proof proof, DateTimeOffset now)
    {
        if ((proof.Made - now).Duration() > options.ClockTolerance)
        {
            TellTime(context, now);
            throw Stranger($"The proof was made at {proof.Made:O}, and it is {now:O}: more than {options.ClockTolerance} apart. Set the device's clock.");
        }
    }

    private static void TellTime(HttpContext context, DateTimeOffset now) => context.Response.Headers[WireHeaders.Time] = now.ToUnixTimeMilliseconds().ToString();

    private void RequireNew(string device, Proof? proof)
    {
        if (proof is not null && !_replays.IsNew(device, proof.Id, time.GetUtcNow()))
        {
            throw new AnswerException(StatusCodes.Status400BadRequest, null, "The proof was used before."); // the device makes a new one for every request
        }
    }

    /// <summary>Strangers that fail again and again are not listened to: neither guessing nor signatures to check cost much then.</summary>
    private async Task<T> GuardAsync<T>(HttpContext context, Func<Task<T>> admit)
    {
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (_strangers.IsEmpty(address))
        {
            var wait = TimeSpan.FromSeconds(2 / options.StrangersPerSecond);
            throw AnswerException.ComeBack(StatusCodes.Status429TooManyRequests, wait, wait * 2, "Too many requests without a valid identity come from this address.");
        }

        try
        {
            return await admit().ConfigureAwait(false);
        }
        catch (AnswerException)
        {
            _strangers.Take(address);
            throw;
        }
    }

    private void RequireTls(HttpContext context)
    {
        var local = context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address);
        if (!context.Request.IsHttps && !(options.AllowPlainHttpOnLoopback && local))
        {
            throw AnswerException.Refuse(StatusCodes.Status403Forbidden, RefusalCode.Identity, "This coordinator speaks HTTPS only.");
        }
    }
}
