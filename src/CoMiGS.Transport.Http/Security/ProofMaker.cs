using System.Security.Cryptography;
using CoMiGS.Transport.Http.Wire;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CoMiGS.Transport.Http.Security;

/// <summary>Signs that a request comes from the holder of a key: a proof of RFC 9449, good for one method, one address, one time.</summary>
internal sealed class ProofMaker
{
    private const int IdBytes = 16;
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly Lock _lock = new();
    private readonly SigningCredentials _signing;
    private readonly Dictionary<string, object> _header;

    public ProofMaker(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false);
        _signing = new SigningCredentials(SigningKey.Of(key), SecurityAlgorithms.EcdsaSha256);
        _header = new Dictionary<string, object>
        {
            [ProofClaims.Key] = new Dictionary<string, object>
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = Base64UrlEncoder.Encode(point.Q.X),
                ["y"] = Base64UrlEncoder.Encode(point.Q.Y),
            },
        };
    }

    public string Prove(string method, Uri address, DateTimeOffset now, string? tokenHash = null)
    {
        var claims = new Dictionary<string, object>
        {
            [ProofClaims.Id] = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(IdBytes)),
            [ProofClaims.Method] = method,
            [ProofClaims.Address] = address.AbsoluteUri,
            [ProofClaims.Time] = now.ToUnixTimeSeconds(),
        };
        if (tokenHash is not null)
        {
            claims[ProofClaims.TokenHash] = tokenHash;
        }

        lock (_lock) // a key is not made for several threads
        {
            return Handler.CreateToken(new SecurityTokenDescriptor
            {
                TokenType = ProofClaims.ProofType,
                SigningCredentials = _signing,
                AdditionalHeaderClaims = _header,
                Claims = claims,
            });
        }
    }
}
