using System.Security.Cryptography;

namespace CoMiGS.Transport.Http.Wire;

/// <summary>
/// The name of a payload by its content: SHA-256 over the SHA-256 of its blocks of 16 KiB, one digest after the other, in lower-case hexadecimal. Chunks and ranges are whole blocks, so that a
/// payload which moves in parts is hashed once: the digests that show a part to be good make the name of the whole.
/// </summary>
internal static class ContentHash
{
    /// <summary>The bytes of a block, but for the last.</summary>
    public const int BlockBytes = 16 << 10;

    /// <summary>The bytes of a digest.</summary>
    public const int DigestBytes = SHA256.HashSizeInBytes;

    private const int BlocksInARow = 64; // a megabyte: less is not worth another thread

    public static string Of(ReadOnlyMemory<byte> content) => OfBlocks(Blocks(content));

    /// <summary>The name of a payload whose blocks have these digests.</summary>
    public static string OfBlocks(ReadOnlySpan<byte> digests)
    {
        Span<byte> hash = stackalloc byte[DigestBytes];
        SHA256.HashData(digests, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>The digests of a payload's blocks, made on several cores if there are many.</summary>
    public static byte[] Blocks(ReadOnlyMemory<byte> content)
    {
        var digests = new byte[DigestsOf(content.Length)];
        var rows = (content.Length + (BlocksInARow * BlockBytes) - 1) / (BlocksInARow * BlockBytes);
        Parallel.For(0, rows, row =>
        {
            var from = row * BlocksInARow * BlockBytes;
            var part = content.Span[from..Math.Min(from + (BlocksInARow * BlockBytes), content.Length)];
            Blocks(part, digests.AsSpan(DigestsOf(from), DigestsOf(part.Length)));
        });
        return digests;
    }

    /// <summary>The digests of a part's blocks.</summary>
    public static void Blocks(ReadOnlySpan<byte> content, Span<byte> digests)
    {
        for (; !content.IsEmpty; digests = digests[DigestBytes..])
        {
            var block = content[..Math.Min(BlockBytes, content.Length)];
            SHA256.HashData(block, digests);
            content = content[block.Length..];
        }
    }

    /// <summary>How many bytes the digests of as many bytes have; where a part begins, where its digests do.</summary>
    public static int DigestsOf(long bytes) => checked((int)((bytes + BlockBytes - 1) / BlockBytes) * DigestBytes);

    public static bool IsOne(string text) => text.Length == DigestBytes * 2 && text.All(char.IsAsciiHexDigitLower);
}
