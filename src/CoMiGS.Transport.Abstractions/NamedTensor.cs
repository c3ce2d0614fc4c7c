using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace CoMiGS.Transport;

/// <summary>A tensor as it travels: what it is, and its numbers as little-endian bytes in row-major order.</summary>
public sealed class NamedTensor
{
    /// <summary>Puts a description and its bytes together.</summary>
    /// <param name="spec">Name, type and shape.</param>
    /// <param name="data">The numbers; viewed and not copied, so the owner of the memory must leave it alone.</param>
    /// <exception cref="ArgumentException">The bytes are not as many as the shape asks for.</exception>
    public NamedTensor(TensorSpec spec, ReadOnlyMemory<byte> data)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (data.Length != spec.ByteCount)
        {
            throw new ArgumentException($"{spec} takes {spec.ByteCount} bytes, but {data.Length} are given.", nameof(data));
        }

        Spec = spec;
        Data = data;
    }

    /// <summary>Name, type and shape.</summary>
    public TensorSpec Spec { get; }

    /// <summary>The numbers, little endian, row-major.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>A float32 tensor with a copy of <paramref name="values"/>.</summary>
    /// <param name="name">The full name of the parameter.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="values">Its numbers in row-major order.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">The numbers are not as many as the shape asks for.</exception>
    public static NamedTensor FromFloats(string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> values)
    {
        var data = new byte[checked(values.Length * sizeof(float))];
        LittleEndian(values, MemoryMarshal.Cast<byte, float>(data.AsSpan()));
        return new NamedTensor(new TensorSpec(name, TensorType.Float32, ImmutableArray.Create(shape)), data);
    }

    /// <summary>The numbers of a float32 tensor, without a copy on little-endian machines.</summary>
    /// <returns>The numbers in row-major order.</returns>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public ReadOnlySpan<float> AsFloats()
    {
        if (Spec.Type != TensorType.Float32)
        {
            throw new InvalidOperationException($"{Spec} does not hold float32 numbers.");
        }

        var stored = MemoryMarshal.Cast<byte, float>(Data.Span);
        if (BitConverter.IsLittleEndian)
        {
            return stored;
        }

        var values = new float[stored.Length];
        LittleEndian(stored, values);
        return values;
    }

    private static void LittleEndian(ReadOnlySpan<float> source, Span<float> destination)
    {
        if (BitConverter.IsLittleEndian)
        {
            source.CopyTo(destination);
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(source), MemoryMarshal.Cast<float, int>(destination));
        }
    }
}
