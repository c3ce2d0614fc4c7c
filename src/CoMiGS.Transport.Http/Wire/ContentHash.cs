using System.Security.Cryptography;

namespace CoMiGS.Transport.Http.Wire;

/// <summary>The name of a payload by its content: SHA-256 in lower-case hexadecimal.</summary>
internal static class ContentHash
{
    private const int Length = SHA256.HashSizeInBytes * 2;

    public static string Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return Convert.ToHexStringLower(hash);
    }

    public static bool IsOne(string text) => text.Length == Length && text.All(char.IsAsciiHexDigitLower);
}
