using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CoMiGS.Demo.Text;

/// <summary>A hash of a text that is the same in every process and on every platform: the first eight bytes of its SHA-256.</summary>
public static class StableHash
{
    /// <summary>The hash of the UTF-8 bytes of <paramref name="text"/>.</summary>
    public static ulong Of(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
