using System.Collections.Immutable;
using static CoMiGS.Transport.Payload.PayloadReader;

namespace CoMiGS.Transport.Payload;

/// <summary>Specs and tensor sets.</summary>
internal static class TensorPayload
{
    private const byte TypesSince = 2; // minor version
    private const int Alignment = 8;
    private const int SmallestSpec = sizeof(ushort) + 1 + sizeof(byte) + sizeof(byte);

    public static void Write(PayloadWriter writer, TensorSet tensors)
    {
        WriteSpecs(writer, tensors.Specs);
        writer.Pad(Alignment);
        writer.Int64(tensors.TotalBytes);
        foreach (var tensor in tensors)
        {
            writer.Bytes(tensor.Data.Span);
        }
    }

    public static TensorSet ReadSet(PayloadReader reader)
    {
        var specs = ReadSpecs(reader);
        reader.Pad(Alignment);
        var expected = specs.Sum(spec => spec.ByteCount);
        var declared = reader.Int64();
        Require(declared == expected, $"The payload declares {declared} bytes of numbers; its shapes take {expected}.");
        var data = reader.Bytes(declared, "the tensors' numbers");
        var tensors = new NamedTensor[specs.Count];
        for (int i = 0, at = 0; i < tensors.Length; i++)
        {
            var length = (int)specs[i].ByteCount;
            tensors[i] = new NamedTensor(specs[i], data.Slice(at, length));
            at += length;
        }

        return new TensorSet(tensors);
    }

    public static void WriteSpecs(PayloadWriter writer, IReadOnlyList<TensorSpec> specs)
    {
        var limits = writer.Limits;
        writer.Count(specs.Count, limits.MaxTensors, "tensors");
        var names = new HashSet<string>(specs.Count, StringComparer.Ordinal);
        var total = 0L;
        foreach (var spec in specs)
        {
            Require(names.Add(spec.Name), $"The tensor name {spec.Name} occurs twice.");
            Require(spec.Shape.Length <= Math.Min(limits.MaxRank, byte.MaxValue), $"{spec} has {spec.Shape.Length} dimensions; at most {limits.MaxRank} are allowed.");
            total = AddSize(total, spec.Shape.AsSpan(), spec.Type, limits, spec.Name);
            writer.Name(spec.Name, "tensor name");
            writer.Byte((byte)spec.Type);
            writer.Byte((byte)spec.Shape.Length);
            foreach (var dimension in spec.Shape)
            {
                writer.Int64(dimension);
            }
        }
    }

    public static IReadOnlyList<TensorSpec> ReadSpecs(PayloadReader reader)
    {
        var specs = new TensorSpec[reader.Count(reader.Limits.MaxTensors, SmallestSpec, "tensors")];
        var names = new HashSet<string>(specs.Length, StringComparer.Ordinal);
        var total = 0L;
        for (var i = 0; i < specs.Length; i++)
        {
            specs[i] = ReadSpec(reader, ref total);
            Require(names.Add(specs[i].Name), $"The tensor name {specs[i].Name} occurs twice.");
        }

        return specs;
    }

    /// <summary>The type that somebody would like; a type of a later version, or none, leaves float32, which everybody takes.</summary>
    public static TensorType ReadWish(PayloadReader reader)
    {
        var wish = reader.HasFieldsOf(TypesSince) ? (TensorType)reader.Byte() : TensorType.Float32;
        return Enum.IsDefined(wish) ? wish : TensorType.Float32;
    }

    private static TensorSpec ReadSpec(PayloadReader reader, ref long total)
    {
        var name = reader.Name("tensor name");
        var type = (TensorType)reader.Byte();
        Require(Enum.IsDefined(type), $"Tensor {name} is of type {(int)type}; known are 0 (Float32), 1 (BFloat16) and 2 (Int8).");
        var rank = reader.Byte();
        Require(rank <= reader.Limits.MaxRank, $"Tensor {name} has {rank} dimensions; at most {reader.Limits.MaxRank} are allowed.");
        var shape = new long[rank];
        for (var i = 0; i < rank; i++)
        {
            shape[i] = reader.Int64();
            Require(shape[i] >= 0, $"Tensor {name} has a dimension of {shape[i]}.");
        }

        total = AddSize(total, shape, type, reader.Limits, name);
        return new TensorSpec(name, type, ImmutableArray.Create(shape));
    }

    /// <summary>Adds a tensor's bytes to the total; holds both against the limits without ever computing a product that overflows.</summary>
    private static long AddSize(long total, ReadOnlySpan<long> shape, TensorType type, PayloadLimits limits, string name)
    {
        var most = Math.Min(limits.MaxElements, limits.MaxBytes); // no number takes less than a byte
        var elements = 1L;
        foreach (var dimension in shape)
        {
            Require(dimension == 0 || elements <= most / dimension, $"Tensor {name} has more than {most} elements.");
            elements *= dimension;
        }

        var bytes = type.BytesFor(elements);
        Require(bytes <= limits.MaxBytes - total, $"The tensors up to {name} take more than {limits.MaxBytes} bytes.");
        return total + bytes;
    }
}
