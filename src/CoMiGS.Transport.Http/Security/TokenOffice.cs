using System.Security.Cryptography;
using System.Text.Json;
using CoMiGS.Transport.Http.Wire;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CoMiGS.Transport.Http.Security;

/// <summary>Signs the tokens of devices, and knows its own signature again.</summary>
internal sealed class TokenOffice
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false, MaximumTokenSizeInBytes = 8192 };
    private readonly Lock _lock = new();
    private readonly TimeSpan _lifetime;
    private readonly SigningCredentials _signing;
    private readonly TokenValidationParameters _expected;
    private readonly TokenValidationParameters _renewable;

    public TokenOffice(ECDsa key, TimeSpan lifetime, TimeSpan renewable, TimeProvider time)
    {
        _lifetime = lifetime;
        var securityKey = SigningKey.Of(key);
        _signing = new SigningCredentials(securityKey, SecurityAlgorithms.EcdsaSha256);
        _expected = Expected(TimeSpan.Zero);
        _renewable = Expected(renewable);

        TokenValidationParameters Expected(TimeSpan after) => new()
        {
            IssuerSigningKey = securityKey,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [ProofClaims.TokenType],
            ValidIssuer = ProofClaims.Issuer,
            ValidAudience = ProofClaims.Audience,
            LifetimeValidator = (_, expires, _, _) => expires + after > time.GetUtcNow().UtcDateTime,
        };
    }

    /// <summary>Signs a token.</summary>
    /// <param name="device">Whom it is for.</param>
    /// <param name="keyThumbprint">The key that it is bound to.</param>
    /// <param name="now">The time.</param>
    /// <param name="id">The id of the token that it follows; null for the first one.</param>
    public string Issue(string device, string keyThumbprint, DateTimeOffset now, string? id = null)
    {
        lock (_lock) // a key is not made for several threads
        {
            return Handler.CreateToken(new SecurityTokenDescriptor
            {
                TokenType = ProofClaims.TokenType,
                SigningCredentials = _signing,
                Issuer = ProofClaims.Issuer,
                Audience = ProofClaims.Audience,
                IssuedAt = now.UtcDateTime,
                Expires = (now + _lifetime).UtcDateTime,
                Claims = new Dictionary<string, object>
                {
                    [JwtRegisteredClaimNames.Sub] = device,
                    [ProofClaims.Id] = id ?? Guid.NewGuid().ToString("N"),
                    [ProofClaims.Confirmation] = new Dictionary<string, object> { [ProofClaims.KeyThumbprint] = keyThumbprint },
                },
            });
        }
    }

    /// <param name="token">What a device shows.</param>
    /// <param name="toRenew">Whether one that has just ended will do.</param>
    /// <returns>Who the token was given to, its id, and the thumbprint of the key it is bound to; null if it is none of ours or too old.</returns>
    public async Task<(string Device, string Id, string KeyThumbprint)?> ReadAsync(string token, bool toRenew = false)
    {
        var result = await Handler.ValidateTokenAsync(token, toRenew ? _renewable : _expected).ConfigureAwait(false);
        return result.IsValid && result.SecurityToken is JsonWebToken read
            && read.TryGetPayloadValue<JsonElement>(ProofClaims.Confirmation, out var bound)
            && bound.TryGetProperty(ProofClaims.KeyThumbprint, out var thumbprint)
            ? (read.Subject, read.Id, thumbprint.GetString()!)
            : null;
    }
}
