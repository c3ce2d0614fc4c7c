using System.Security.Cryptography;

namespace CoMiGS.Transport.Http.Wire;

/// <summary>The value of <c>Content-Digest</c>: <c>sha-256=:BASE64:</c>.</summary>
internal static class ContentDigest
{
    private const string Start = "sha-256=:";

    public static string Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return $"{Start}{Convert.ToBase64String(hash)}:";
    }

    public static bool Matches(string? value, ReadOnlySpan<byte> content) => value is not null && value == Of(content);
}
