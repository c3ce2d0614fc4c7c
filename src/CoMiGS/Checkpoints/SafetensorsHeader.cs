using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace CoMiGS.Checkpoints;

/// <summary>One tensor of a safetensors file: its type, shape and place in the data part.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, for example F32.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Begin">First byte, relative to the data part.</param>
/// <param name="End">One past the last byte.</param>
internal sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Begin, long End);

/// <summary>The header of a safetensors file: u64 length, then JSON, then the data part.</summary>
internal static class SafetensorsHeader
{
    // As in the reference implementation.
    private const long MaximumHeaderBytes = 100_000_000;
    private const string Metadata = "__metadata__";

    public static (IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata, long DataStart) Read(Stream stream, string file)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        if (stream.Length < length.Length)
        {
            throw new SafetensorsException(file, null, $"The file has {stream.Length} bytes, fewer than the 8 of the header length. It was cut off, or is no safetensors file.");
        }

        stream.ReadExactly(length);
        var header = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (header > (ulong)Math.Min(MaximumHeaderBytes, stream.Length - length.Length))
        {
            throw new SafetensorsException(file, null, $"The header claims {header} bytes, but the file has {stream.Length - length.Length} after its length. It was cut off, or is no safetensors file.");
        }

        var json = new byte[header];
        stream.ReadExactly(json);
        var dataStart = length.Length + (long)header;
        return Parse(json, file, dataStart, stream.Length - dataStart);
    }

    public static byte[] Write(IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(Metadata);
                foreach (var (key, value) in metadata)
                {
                    writer.WriteString(key, value);
                }

                writer.WriteEndObject();
            }

            foreach (var entry in entries)
            {
                writer.WriteStartObject(entry.Name);
                writer.WriteString("dtype", entry.Type);
                WriteNumbers(writer, "shape", entry.Shape);
                WriteNumbers(writer, "data_offsets", [entry.Begin, entry.End]);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        buffer.Write(Encoding.ASCII.GetBytes(new string(' ', (int)((8 - (buffer.Length % 8)) % 8))));
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

    private static (IReadOnlyList<SafetensorsEntry>, IReadOnlyDictionary<string, string>, long) Parse(byte[] json, string file, long dataStart, long dataBytes)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var entries = new Dictionary<string, SafetensorsEntry>();
            var metadata = new Dictionary<string, string>();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == Metadata)
                {
                    metadata = property.Value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString() ?? "");
                }
                else if (!entries.TryAdd(property.Name, Entry(property, file, dataBytes)))
                {
                    throw new SafetensorsException(file, property.Name, "The name occurs twice.");
                }
            }

            RefuseOverlaps(entries.Values, file);
            return ([.. entries.Values], metadata, dataStart);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new SafetensorsException(file, null, $"The header is no valid safetensors header ({e.Message}).", e);
        }
    }

    private static SafetensorsEntry Entry(JsonProperty property, string file, long dataBytes)
    {
        var type = property.Value.GetProperty("dtype").GetString() ?? "";
        var shape = property.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()).ToArray();
        var offsets = property.Value.GetProperty("data_offsets").EnumerateArray().Select(n => n.GetInt64()).ToArray();
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > dataBytes)
        {
            throw new SafetensorsException(file, property.Name, $"Its data offsets [{string.Join(", ", offsets)}] do not lie in the {dataBytes} bytes of data. The file was cut off or damaged.");
        }

        var width = SafetensorsType.Width(type) ?? throw new SafetensorsException(file, property.Name, $"Its type is '{type}'. This library reads {SafetensorsType.Known}.");
        if (shape.Any(size => size < 0) || Bytes(shape, width) != end - begin)
        {
            throw new SafetensorsException(file, property.Name, $"Its shape [{string.Join(", ", shape)}] of {type} does not fit its {end - begin} bytes.");
        }

        return new(property.Name, type, shape, begin, end);
    }

    /// <summary>Size in bytes, or -1 where it overflows.</summary>
    private static long Bytes(long[] shape, int width)
    {
        Int128 bytes = width;
        foreach (var size in shape)
        {
            bytes *= size;
            if (bytes > long.MaxValue)
            {
                return -1;
            }
        }

        return (long)bytes;
    }

    private static void RefuseOverlaps(IEnumerable<SafetensorsEntry> entries, string file)
    {
        long end = 0;
        foreach (var entry in entries.OrderBy(e => e.Begin).ThenBy(e => e.End))
        {
            if (entry.Begin < end)
            {
                throw new SafetensorsException(file, entry.Name, $"Its bytes begin at {entry.Begin}, inside the tensor that ends at {end}.");
            }

            end = entry.End;
        }
    }
}
