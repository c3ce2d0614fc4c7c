using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>One tensor of a checkpoint, as the header of its file describes it.</summary>
public sealed record SafetensorsEntry
{
    internal SafetensorsEntry(string name, ScalarType type, IReadOnlyList<long> shape, long begin, long byteLength, string file) =>
        (Name, Type, Shape, Begin, ByteLength, File) = (name, type, shape, begin, byteLength, file);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The type of its elements in the file.</summary>
    public ScalarType Type { get; }

    /// <summary>Its sizes.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>How many bytes it takes in the file.</summary>
    public long ByteLength { get; }

    /// <summary>Path of the file that holds it.</summary>
    public string File { get; }

    /// <summary>Its first byte, counted from the start of the file.</summary>
    internal long Begin { get; }

    /// <summary>For example <c>F32 [2, 3]</c>.</summary>
    public override string ToString() => $"{SafetensorsType.Name(Type)} [{string.Join(", ", Shape)}]";
}
