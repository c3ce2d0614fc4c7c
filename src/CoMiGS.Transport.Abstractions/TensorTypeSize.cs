namespace CoMiGS.Transport;

/// <summary>Sizes of the tensor types on the wire.</summary>
public static class TensorTypeSize
{
    /// <summary>How many numbers of <see cref="TensorType.Int8"/> have a scale in common; blocks begin anew in every tensor, and the last may be shorter.</summary>
    /// <value>128</value>
    public const int BlockLength = 128;

    /// <summary>The bytes that <paramref name="elements"/> numbers of this type take on the wire.</summary>
    /// <param name="type">The type on the wire.</param>
    /// <param name="elements">How many numbers.</param>
    /// <returns>The bytes they take.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The type is none that this version knows.</exception>
    public static long BytesFor(this TensorType type, long elements) => type switch
    {
        TensorType.Float32 => checked(elements * sizeof(float)),
        TensorType.BFloat16 => checked(elements * sizeof(ushort)),
        TensorType.Int8 => checked(elements + (Blocks(elements) * sizeof(float))),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Known tensor types: Float32, BFloat16, Int8."),
    };

    /// <summary>How many scales so many numbers of <see cref="TensorType.Int8"/> have.</summary>
    internal static long Blocks(long elements) => (elements / BlockLength) + (elements % BlockLength > 0 ? 1 : 0);
}
