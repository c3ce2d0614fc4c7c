using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace CoMiGS.Transport.Http.Wire;

/// <summary>Names within tokens and proofs, as RFC 9449 spells them.</summary>
internal static class ProofClaims
{
    public const string ProofType = "dpop+jwt";
    public const string TokenType = "at+jwt";
    public const string Issuer = "comigs";
    public const string Audience = "comigs-device";
    public const string Method = "htm";
    public const string Address = "htu";
    public const string TokenHash = "ath";
    public const string Confirmation = "cnf";
    public const string KeyThumbprint = "jkt";
    public const string Key = "jwk";
    public const string Time = "iat";
    public const string Id = "jti";

    public static string HashOf(string token) => Base64UrlEncoder.Encode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(token)));

    public static string ThumbprintOf(JsonWebKey key) => Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
}
