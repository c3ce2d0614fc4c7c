using System.Buffers.Binary;
using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>Reads and writes safetensors files: named tensors, raw little-endian data, no code. Everything is length-checked before memory is taken.</summary>
public static class SafetensorsFile
{
    /// <summary>Writes tensors in the order given, atomically.</summary>
    /// <param name="path">Where the file appears.</param>
    /// <param name="tensors">Names and tensors, of any device and layout.</param>
    /// <param name="metadata">Strings to keep in the header.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or a type cannot be written.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var list = tensors.ToList();
        var twice = list.GroupBy(t => t.Name).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new ArgumentException($"The tensor '{twice}' is given twice for '{path}'. Names must be unique.", nameof(tensors));
        }

        var entries = new List<SafetensorsEntry>();
        long offset = 0;
        foreach (var (name, value) in list)
        {
            var bytes = value.numel() * value.element_size();
            entries.Add(new(name, SafetensorsType.Name(value.dtype), value.shape, offset, offset + bytes));
            offset += bytes;
        }

        AtomicFile.Write(path, stream =>
        {
            var header = SafetensorsHeader.Write(entries, metadata);
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, value) in list)
            {
                using var scope = NewDisposeScope();
                stream.Write(value.detach().cpu().contiguous().bytes);
            }
        });
    }

    /// <summary>Reads all tensors of a file into CPU memory.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name, in the order of the file; they belong to the current dispose scope.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsException">The file breaks the format; the message names the tensor and the reason.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no safetensors file '{path}'.", path);
        }

        using var stream = File.OpenRead(path);
        var (entries, _, dataStart) = SafetensorsHeader.Read(stream, path);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in entries)
        {
            var tensor = empty(entry.Shape, SafetensorsType.Torch(entry.Type));
            stream.Position = dataStart + entry.Begin;
            stream.ReadExactly(tensor.bytes);
            tensors.Add(entry.Name, tensor);
        }

        return tensors;
    }

    /// <summary>Reads the strings in the header of a file.</summary>
    /// <param name="path">The file.</param>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using var stream = File.OpenRead(path);
        return SafetensorsHeader.Read(stream, path).Metadata;
    }
}
