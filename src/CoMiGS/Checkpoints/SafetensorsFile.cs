using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>Reads and writes safetensors files: named tensors, raw little-endian data, no code. For checkpoints that should not be in memory twice see <see cref="SafetensorsReader"/>.</summary>
public static class SafetensorsFile
{
    /// <summary>Size of a shard unless one is given.</summary>
    /// <value>5 GB, as in Hugging Face's library.</value>
    public const long DefaultShardBytes = 5_000_000_000;

    /// <summary>Writes tensors atomically; the header keeps the order given.</summary>
    /// <param name="path">Where the file appears.</param>
    /// <param name="tensors">Names and tensors, of any device and layout.</param>
    /// <param name="metadata">Strings to keep in the header.</param>
    /// <exception cref="ArgumentException">A name occurs twice, or a type cannot be written.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Value)> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(path, tensors.Select(SafetensorsSource.Of), metadata);

    /// <summary>Writes tensors that are made one after another, atomically; the header keeps the order given.</summary>
    /// <param name="path">Where the file appears.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="metadata">Strings to keep in the header.</param>
    /// <exception cref="ArgumentException">A name occurs twice, a type cannot be written, or a tensor is not as announced.</exception>
    public static void Write(string path, IEnumerable<SafetensorsSource> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var list = tensors.ToList();
        SafetensorsWriter.RefuseNames(list, path);
        SafetensorsWriter.Write(path, list, metadata);
    }

    /// <summary>Writes a checkpoint in Hugging Face's layout: <c>model.safetensors</c>, or several files with <c>model.safetensors.index.json</c> where it is too large for one.</summary>
    /// <param name="folder">Where to; it must not hold a checkpoint yet.</param>
    /// <param name="tensors">The tensors, made one after another.</param>
    /// <param name="maximumShardBytes">The most bytes of tensors in a file; a larger tensor has a file of its own.</param>
    /// <param name="metadata">Strings to keep in the header of every file.</param>
    /// <exception cref="ArgumentException">A name occurs twice, a type cannot be written, or a tensor is not as announced; nothing is left of what was written.</exception>
    /// <exception cref="IOException">There is a checkpoint already, or the place cannot be written to.</exception>
    public static void WriteSharded(string folder, IEnumerable<SafetensorsSource> tensors, long maximumShardBytes = DefaultShardBytes, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumShardBytes);
        var list = tensors.ToList();
        SafetensorsWriter.RefuseNames(list, folder);
        SafetensorsSharding.Write(folder, list, maximumShardBytes, metadata);
    }

    /// <inheritdoc cref="WriteSharded(string, IEnumerable{SafetensorsSource}, long, IReadOnlyDictionary{string, string}?)"/>
    public static void WriteSharded(string folder, IEnumerable<(string Name, Tensor Value)> tensors, long maximumShardBytes = DefaultShardBytes, IReadOnlyDictionary<string, string>? metadata = null) =>
        WriteSharded(folder, tensors.Select(SafetensorsSource.Of), maximumShardBytes, metadata);

    /// <summary>Reads all tensors of a file into CPU memory.</summary>
    /// <param name="path">The file, an index of shards, or a folder.</param>
    /// <returns>The tensors by name, in the order of the header; they belong to the current dispose scope.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsException">The file breaks the format; the message names the tensor and the reason.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        return reader.Entries.ToDictionary(entry => entry.Name, entry => reader.Read(entry.Name));
    }

    /// <summary>Reads the strings in the header of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsException">The file breaks the format.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using var reader = SafetensorsReader.Open(path);
        return reader.Metadata;
    }
}
