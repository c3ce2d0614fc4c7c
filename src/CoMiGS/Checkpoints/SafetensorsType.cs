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

    public static string Known => string.Join(", ", Types.Select(t => t.Name));

    public static int? Width(string name) => Types.Where(t => t.Name == name).Select(t => (int?)t.Width).FirstOrDefault();

    public static ScalarType Torch(string name) => Types.Single(t => t.Name == name).Type;

    public static string Name(ScalarType type) =>
        Types.Where(t => t.Type == type).Select(t => t.Name).FirstOrDefault()
        ?? throw new ArgumentException($"A tensor of type {type} cannot be written. Convert it to one of {Known}.", nameof(type));
}
