using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CoMiGS.Kernels;

/// <summary>Moves rows between memory and tiles in float32 whose width is fixed; columns beyond the row are zero.</summary>
internal static unsafe class Rows
{
    /// <summary>Row <paramref name="row"/>, from <paramref name="column"/> on, of a matrix that is <paramref name="width"/> wide.</summary>
    public static void Load(RowType type, void* matrix, int row, int column, int width, float* tile)
    {
        var offset = ((long)row * width) + column;
        var count = Math.Min(width - column, MixShape.Width);
        if (type == RowType.Float32)
        {
            new ReadOnlySpan<float>((float*)matrix + offset, count).CopyTo(new Span<float>(tile, count));
        }
        else
        {
            Widen((ushort*)matrix + offset, tile, count);
        }

        new Span<float>(tile + count, MixShape.Width - count).Clear();
    }

    /// <summary>The other way round; bfloat16 rounds to nearest, ties to even.</summary>
    public static void Store(RowType type, float* tile, void* matrix, int row, int column, int width)
    {
        var offset = ((long)row * width) + column;
        var count = Math.Min(width - column, MixShape.Width);
        if (type == RowType.Float32)
        {
            new ReadOnlySpan<float>(tile, count).CopyTo(new Span<float>((float*)matrix + offset, count));
        }
        else
        {
            Narrow(tile, (ushort*)matrix + offset, count);
        }
    }

    /// <summary>bfloat16 to float32.</summary>
    public static void Widen(ushort* source, float* target, int count)
    {
        var i = 0;
        for (; i + Vector256<ushort>.Count <= count; i += Vector256<ushort>.Count)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Load(source + i));
            Vector256.ShiftLeft(lower, 16).AsSingle().Store(target + i);
            Vector256.ShiftLeft(upper, 16).AsSingle().Store(target + i + Vector256<float>.Count);
        }

        for (; i < count; i++)
        {
            target[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
        }
    }

    /// <summary>float32 to bfloat16, to nearest, ties to even.</summary>
    public static void Narrow(float* source, ushort* target, int count)
    {
        var i = 0;
        for (; i + Vector256<ushort>.Count <= count; i += Vector256<ushort>.Count)
        {
            var lower = Rounded(Vector256.Load(source + i).AsUInt32());
            var upper = Rounded(Vector256.Load(source + i + Vector256<float>.Count).AsUInt32());
            Vector256.Narrow(lower, upper).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = Rounded(BitConverter.SingleToUInt32Bits(source[i]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Rounded(Vector256<uint> bits)
    {
        var high = Vector256.ShiftRightLogical(bits, 16);
        var rounded = Vector256.ShiftRightLogical(bits + Vector256.Create(0x7FFFu) + (high & Vector256<uint>.One), 16);
        var isNaN = Vector256.GreaterThan(bits & Vector256.Create(0x7FFF_FFFFu), Vector256.Create(0x7F80_0000u));
        return Vector256.ConditionalSelect(isNaN, high | Vector256.Create(0x40u), rounded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Rounded(uint bits) =>
        (bits & 0x7FFF_FFFF) > 0x7F80_0000 ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}
