using System.Buffers.Binary;

namespace CoMiGS.Transport.Numbers;

/// <summary>Numbers as <see cref="TensorType.BFloat16"/>: rounded to nearest, ties to even; infinities stay what they are, and NaN stays NaN.</summary>
internal static class BFloat16Numbers
{
    private const int Cut = 16;
    private const uint QuietBit = 1u << 22;

    public static void Write(ReadOnlySpan<float> values, Span<byte> destination)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(values[i]);
            var rounded = float.IsNaN(values[i])
                ? bits | QuietBit // cutting the payload of a NaN must not make an infinity of it
                : bits + 0x7FFF + ((bits >> Cut) & 1);
            BinaryPrimitives.WriteUInt16LittleEndian(destination[(i * sizeof(ushort))..], (ushort)(rounded >> Cut));
        }
    }

    public static void Read(ReadOnlySpan<byte> source, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(source[(i * sizeof(ushort))..]) << Cut);
        }
    }
}
