using System.Text.Json;
using CoMiGS.Transport.Http.Wire;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CoMiGS.Transport.Http.Security;

/// <summary>A proof whose signature is good: who made it, for what, when.</summary>
/// <param name="KeyThumbprint">The thumbprint of the key that signed it.</param>
/// <param name="Id">Different for every proof.</param>
/// <param name="Made">When it was made, by the device's clock.</param>
/// <param name="TokenHash">The token that it goes with.</param>
internal sealed record Proof(string KeyThumbprint, string Id, DateTimeOffset Made, string? TokenHash);

/// <summary>Reads the proofs of requests.</summary>
internal static class ProofReader
{
    private const int LongestId = 64;
    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = 4096 };

    /// <returns>The proof; null if it is none for this request.</returns>
    public static async Task<Proof?> ReadAsync(string text, string method, string pathAndQuery)
    {
        if (!Handler.CanReadToken(text) || Key(text) is not { } key)
        {
            return null;
        }

        var result = await Handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = [ProofClaims.ProofType],
            ValidateAudience = false,
            ValidateIssuer = false,
            ValidateLifetime = false, // a proof has a time of making and no end: the door holds it against its own clock
        }).ConfigureAwait(false);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token || token.Id is not { Length: > 0 and <= LongestId } id)
        {
            return null;
        }

        var fits = Text(token, ProofClaims.Method) == method
            && Uri.TryCreate(Text(token, ProofClaims.Address), UriKind.Absolute, out var address)
            && address.PathAndQuery == pathAndQuery; // not the host: a proxy may have another name
        return fits && token.TryGetPayloadValue<long>(ProofClaims.Time, out var made) && made is >= 0 and < 1L << 37
            ? new Proof(ProofClaims.ThumbprintOf(key), id, DateTimeOffset.FromUnixTimeSeconds(made), Text(token, ProofClaims.TokenHash))
            : null;
    }

    private static JsonWebKey? Key(string text)
    {
        try
        {
            if (!new JsonWebToken(text).TryGetHeaderValue<JsonElement>(ProofClaims.Key, out var element))
            {
                return null;
            }

            var key = new JsonWebKey(element.GetRawText());
            key.CryptoProviderFactory = SigningKey.NoCache(); // strangers' keys above all
            return key is { Kty: JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv: JsonWebKeyECTypes.P256, HasPrivateKey: false } ? key : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or JsonException)
        {
            return null; // no token, or no key in it: refused as such
        }
    }

    private static string? Text(JsonWebToken token, string claim) => token.TryGetPayloadValue<string>(claim, out var value) ? value : null;
}
