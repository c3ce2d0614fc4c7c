using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace CoMiGS.Transport.Http.Security;

/// <summary>Keys as the token library takes them, kept out of its cache: that one would hold on to a key which its owner has disposed of.</summary>
internal static class SigningKey
{
    public static ECDsaSecurityKey Of(ECDsa key) => new(key) { CryptoProviderFactory = NoCache() };

    public static CryptoProviderFactory NoCache() => new() { CacheSignatureProviders = false };
}
