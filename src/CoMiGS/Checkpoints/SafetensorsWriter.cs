using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>Writes one safetensors file, tensor by tensor and window by window.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes a file whole or not at all. The header keeps the order given; the data lie by falling width of their elements, so that each is aligned.</summary>
    public static void Write(string path, IReadOnlyList<SafetensorsSource> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var placed = new Dictionary<SafetensorsSource, long>(ReferenceEqualityComparer.Instance);
        long end = 0;
        foreach (var tensor in tensors.OrderByDescending(t => SafetensorsType.Width(t.Type)))
        {
            placed.Add(tensor, end);
            end = checked(end + tensor.ByteLength);
        }

        var header = Header(tensors, placed, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var tensor in placed.OrderBy(p => p.Value).Select(p => p.Key))
            {
                WriteData(stream, tensor, path);
            }
        });
    }

    /// <exception cref="ArgumentException">A name is given twice or taken by the format, or a type cannot be written.</exception>
    public static void RefuseNames(IReadOnlyList<SafetensorsSource> tensors, string path)
    {
        var twice = tensors.GroupBy(t => t.Name).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new ArgumentException($"The tensor '{twice}' is given twice for '{path}'. Names must be unique.", nameof(tensors));
        }

        if (tensors.Any(t => t.Name == SafetensorsHeader.MetadataName))
        {
            throw new ArgumentException($"A tensor for '{path}' is called '{SafetensorsHeader.MetadataName}', which the format keeps for itself. Choose another name.", nameof(tensors));
        }

        foreach (var tensor in tensors)
        {
            SafetensorsType.Name(tensor.Type);
        }
    }

    private static void WriteData(Stream stream, SafetensorsSource tensor, string path)
    {
        using var scope = NewDisposeScope();
        var value = tensor.Value();
        if (value.dtype != tensor.Type || !value.shape.SequenceEqual(tensor.Shape))
        {
            throw new ArgumentException($"The tensor '{tensor.Name}' for '{path}' was announced as {tensor.Type} [{string.Join(", ", tensor.Shape)}], but is {value.dtype} [{string.Join(", ", value.shape)}].", nameof(tensor));
        }

        TensorWindows.ForEachBytes(value, stream.Write);
    }

    private static byte[] Header(IEnumerable<SafetensorsSource> tensors, Dictionary<SafetensorsSource, long> placed, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(SafetensorsHeader.MetadataName);
                foreach (var (key, value) in metadata)
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            foreach (var tensor in tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", SafetensorsType.Name(tensor.Type));
                WriteNumbers(writer, "shape", tensor.Shape);
                WriteNumbers(writer, "data_offsets", [placed[tensor], placed[tensor] + tensor.ByteLength]);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        buffer.Write(Encoding.ASCII.GetBytes(new string(' ', (int)((Alignment - (buffer.Length % Alignment)) % Alignment))));
        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IEnumerable<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
