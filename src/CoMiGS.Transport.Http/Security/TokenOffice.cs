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

    public TokenOffice(ECDsa key, TimeSpan lifetime, TimeProvider time)
    {
        _lifetime = lifetime;
        var securityKey = SigningKey.Of(key);
        _signing = new SigningCredentials(securityKey, SecurityAlgorithms.EcdsaSha256);
        _expected = new TokenValidationParameters
        {
            IssuerSigningKey = securityKey,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [ProofClaims.TokenType],
            ValidIssuer = ProofClaims.Issuer,
            ValidAudience = ProofClaims.Audience,
            LifetimeValidator = (_, expires, _, _) => expires > time.GetUtcNow().UtcDateTime,
        };
    }

    public string Issue(string device, string keyThumbprint, DateTimeOffset now)
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
                    [ProofClaims.Id] = Guid.NewGuid().ToString("N"),
                    [ProofClaims.Confirmation] = new Dictionary<string, object> { [ProofClaims.KeyThumbprint] = keyThumbprint },
                },
            });
        }
    }

    /// <returns>Who the token was given to, its id, and the thumbprint of the key it is bound to; null if it is none of ours or too old.</returns>
    public async Task<(string Device, string Id, string KeyThumbprint)?> ReadAsync(string token)
    {
        var result = await Handler.ValidateTokenAsync(token, _expected).ConfigureAwait(false);
        return result.IsValid && result.SecurityToken is JsonWebToken read
            && read.TryGetPayloadValue<JsonElement>(ProofClaims.Confirmation, out var bound)
            && bound.TryGetProperty(ProofClaims.KeyThumbprint, out var thumbprint)
            ? (read.Subject, read.Id, thumbprint.GetString()!)
            : null;
    }
}
