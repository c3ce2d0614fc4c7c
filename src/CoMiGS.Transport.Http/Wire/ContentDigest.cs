using System.Security.Cryptography;

namespace CoMiGS.Transport.Http.Wire;

/// <summary>The value of <c>Content-Digest</c>: <c>sha-256=:BASE64:</c> of a message's bytes, or for parts of a payload <c>sha-256-blocks=:BASE64:</c> of the digests of their blocks.</summary>
internal static class ContentDigest
{
    public static string Of(ReadOnlySpan<byte> content) => Value("sha-256", content);

    /// <summary>Of a chunk or range whose blocks have these digests (<see cref="ContentHash"/>).</summary>
    public static string OfBlocks(ReadOnlySpan<byte> digests) => Value("sha-256-blocks", digests);

    public static bool Matches(string? value, ReadOnlySpan<byte> content) => value is not null && value == Of(content);

    /// <summary>Whether a chunk or range is what its digest says, which is looked at before it is kept.</summary>
    /// <param name="value">The digest.</param>
    /// <param name="content">The chunk or range.</param>
    /// <param name="digests">Takes the digests of its blocks.</param>
    public static bool Matches(string? value, ReadOnlySpan<byte> content, Span<byte> digests)
    {
        ContentHash.Blocks(content, digests);
        return value is not null && value == OfBlocks(digests);
    }

    private static string Value(string algorithm, ReadOnlySpan<byte> hashed)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(hashed, hash);
        return $"{algorithm}=:{Convert.ToBase64String(hash)}:";
    }
}
