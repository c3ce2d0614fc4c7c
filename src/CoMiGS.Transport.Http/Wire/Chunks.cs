using System.Collections;

namespace CoMiGS.Transport.Http.Wire;

/// <summary>How a payload is cut: chunks of one size, but for the last.</summary>
/// <param name="Total">The bytes of the payload, 1 or more.</param>
/// <param name="Size">The bytes of a chunk.</param>
internal readonly record struct Chunks(long Total, int Size)
{
    public const int SmallestSize = ContentHash.BlockBytes;
    public const int LargestSize = 1 << 20;

    /// <summary>What is allowed, for messages.</summary>
    public const string Sizes = "a multiple of 16384, up to 1048576";

    /// <summary>Whether a chunk may have as many bytes: whole blocks of those that are hashed.</summary>
    public static bool IsSize(int bytes) => bytes is >= SmallestSize and <= LargestSize && bytes % ContentHash.BlockBytes == 0;

    public int Count => checked((int)((Total + Size - 1) / Size));

    public long OffsetOf(int index) => (long)index * Size;

    public int LengthOf(int index) => (int)Math.Min(Size, Total - OffsetOf(index));

    /// <summary>The bytes of a map of chunks: chunk i is bit i % 8 of byte i / 8.</summary>
    public int MapBytes => (Count + 7) / 8;

    /// <summary>The chunks that a map says are missing.</summary>
    public IEnumerable<int> Missing(byte[] map)
    {
        var held = new BitArray(map);
        return Enumerable.Range(0, Count).Where(index => !held[index]);
    }
}
