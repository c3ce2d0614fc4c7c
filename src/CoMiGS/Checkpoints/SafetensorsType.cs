using static TorchSharp.torch;

namespace CoMiGS.Checkpoints;

/// <summary>The element types of safetensors files and what they are in torch.</summary>
internal static class SafetensorsType
{
    private static readonly (string Name, ScalarType Type, int Width)[] Types =
    [
        ("F64", ScalarType.Float64, 8), ("F32", ScalarType.Float32, 4), ("F16", ScalarType.Float16, 2), ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8), ("I32", ScalarType.Int32, 4), ("I16", ScalarType.Int16, 2), ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1), ("BOOL", ScalarType.Bool, 1),
    ];

    public static string Known { get; } = string.Join(", ", Types.Select(t => t.Name));

    /// <summary>What the files' name of a type stands for, or null where torch has no such type.</summary>
    public static ScalarType? Torch(string name)
    {
        foreach (var type in Types)
        {
            if (type.Name == name)
            {
                return type.Type;
            }
        }

        return null;
    }

    public static int Width(ScalarType type) => Types.Single(t => t.Type == type).Width;

    public static bool IsFloat(ScalarType type) => type is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    public static string Name(ScalarType type) =>
        Types.Where(t => t.Type == type).Select(t => t.Name).FirstOrDefault()
        ?? throw new ArgumentException($"A tensor of type {type} cannot be written. Convert it to one of {Known}.", nameof(type));
}
