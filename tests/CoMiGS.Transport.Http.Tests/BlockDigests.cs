using System.Security.Cryptography;

namespace CoMiGS.Transport.Http.Tests;

/// <summary>The names and digests of <c>docs/protocol.md</c>, worked out without the library.</summary>
internal static class BlockDigests
{
    private const int BlockBytes = 16_384;

    public static string NameOf(byte[] payload) => Convert.ToHexStringLower(Hash(payload));

    public static string DigestOf(byte[] part) => $"sha-256-blocks=:{Convert.ToBase64String(Hash(part))}:";

    private static byte[] Hash(byte[] bytes)
    {
        byte[] digests = [.. bytes.Chunk(BlockBytes).SelectMany(SHA256.HashData)];
        return SHA256.HashData(digests);
    }
}
