using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CoMiGS.Transport.Numbers;

/// <summary>
/// Numbers as <see cref="TensorType.Int8"/>. The scale s of a block is its largest magnitude over 127, and each number x becomes the whole number nearest to x / s: what is
/// read is off by s / 2 at most.
/// </summary>
internal static class Int8Numbers
{
    private const int Largest = sbyte.MaxValue;
    private const int Block = TensorTypeSize.BlockLength;

    /// <exception cref="ArgumentException">A number is not finite: no scale fits it.</exception>
    public static void Write(ReadOnlySpan<float> values, Span<byte> destination)
    {
        var codes = MemoryMarshal.Cast<byte, sbyte>(destination[((int)TensorTypeSize.Blocks(values.Length) * sizeof(float))..]);
        for (var (at, block) = (0, 0); at < values.Length; at += Block, block++)
        {
            var part = values.Slice(at, Math.Min(Block, values.Length - at));
            var scale = Scale(part, at);
            BinaryPrimitives.WriteSingleLittleEndian(destination[(block * sizeof(float))..], scale);
            for (var i = 0; i < part.Length; i++)
            {
                codes[at + i] = scale == 0 ? (sbyte)0 : (sbyte)Math.Clamp(MathF.Round(part[i] / scale), -Largest, Largest);
            }
        }
    }

    public static void Read(ReadOnlySpan<byte> source, Span<float> values)
    {
        var codes = MemoryMarshal.Cast<byte, sbyte>(source[((int)TensorTypeSize.Blocks(values.Length) * sizeof(float))..]);
        for (var (at, block) = (0, 0); at < values.Length; at += Block, block++)
        {
            var scale = BinaryPrimitives.ReadSingleLittleEndian(source[(block * sizeof(float))..]);
            for (var i = at; i < Math.Min(at + Block, values.Length); i++)
            {
                values[i] = codes[i] * scale;
            }
        }
    }

    private static float Scale(ReadOnlySpan<float> values, int offset)
    {
        var most = 0f;
        for (var i = 0; i < values.Length; i++)
        {
            var magnitude = MathF.Abs(values[i]);
            if (!float.IsFinite(magnitude))
            {
                throw new ArgumentException($"Number {offset + i} is {values[i]}, which int8 has no room for. Send finite numbers, or another type.", nameof(values));
            }

            most = MathF.Max(most, magnitude);
        }

        var scale = most / Largest;
        return scale * Largest < most ? MathF.BitIncrement(scale) : scale; // subnormal scales round by more than half a step
    }
}
