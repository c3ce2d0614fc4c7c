using System.Buffers.Binary;
using System.Numerics;

namespace CoMiGS.Federation.Journal;

/// <summary>CRC-32C (Castagnoli): finds every damage of up to 32 bits in a row, and all but one in four thousand million others.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of some bytes after others.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="before">The checksum of what came before; 0 if nothing did.</param>
    public static uint Of(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        var crc = ~before;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
