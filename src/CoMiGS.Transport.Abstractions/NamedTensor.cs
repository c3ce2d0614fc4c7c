using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CoMiGS.Transport.Numbers;

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

    /// <summary>A tensor with a copy of <paramref name="values"/>, rounded to its type.</summary>
    /// <param name="name">The full name of the parameter.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="values">Its numbers in row-major order.</param>
    /// <param name="type">How they travel. <see cref="TensorType.BFloat16"/> keeps NaN and infinities; <see cref="TensorType.Int8"/> refuses them.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">The numbers are not as many as the shape asks for, or one is not finite and the type has no room for it.</exception>
    public static NamedTensor FromFloats(string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> values, TensorType type = TensorType.Float32)
    {
        var data = new byte[type.BytesFor(values.Length)];
        switch (type)
        {
            case TensorType.BFloat16:
                BFloat16Numbers.Write(values, data);
                break;
            case TensorType.Int8:
                Int8Numbers.Write(values, data);
                break;
            default:
                LittleEndian(values, MemoryMarshal.Cast<byte, float>(data.AsSpan()));
                break;
        }

        return new NamedTensor(new TensorSpec(name, type, ImmutableArray.Create(shape)), data);
    }

    /// <summary>The same numbers in another type, rounded to it; the tensor itself if it is of that type.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">A number is not finite, and the type has no room for it.</exception>
    public NamedTensor As(TensorType type) => type == Spec.Type ? this : FromFloats(Spec.Name, Spec.Shape.AsSpan(), ToFloats(), type);

    /// <summary>A copy of the numbers, whatever their type.</summary>
    /// <returns>The numbers in row-major order.</returns>
    public float[] ToFloats()
    {
        var values = new float[Spec.ElementCount];
        switch (Spec.Type)
        {
            case TensorType.BFloat16:
                BFloat16Numbers.Read(Data.Span, values);
                break;
            case TensorType.Int8:
                Int8Numbers.Read(Data.Span, values);
                break;
            default:
                LittleEndian(MemoryMarshal.Cast<byte, float>(Data.Span), values);
                break;
        }

        return values;
    }

    /// <summary>The numbers of a float32 tensor, without a copy on little-endian machines.</summary>
    /// <returns>The numbers in row-major order.</returns>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public ReadOnlySpan<float> AsFloats()
    {
        if (Spec.Type != TensorType.Float32)
        {
            throw new InvalidOperationException($"{Spec} does not hold float32 numbers. Use ToFloats.");
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
