namespace CoMiGS.Transport;

/// <summary>Sizes of the tensor types on the wire.</summary>
public static class TensorTypeSize
{
    /// <summary>The bytes that <paramref name="elements"/> numbers of this type take on the wire.</summary>
    /// <param name="type">The type on the wire.</param>
    /// <param name="elements">How many numbers.</param>
    /// <returns>The bytes they take.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The type is none that this version knows.</exception>
    public static long BytesFor(this TensorType type, long elements) => type switch
    {
        TensorType.Float32 => checked(elements * sizeof(float)),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Known tensor types: Float32."),
    };
}
