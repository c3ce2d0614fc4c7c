using System.Diagnostics.CodeAnalysis;

namespace CoMiGS.Transport;

/// <summary>How the numbers of a tensor travel.</summary>
public enum TensorType
{
    /// <summary>IEEE 754 single precision, little endian, 4 bytes a number.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The type is what the name must say.")]
    Float32 = 0,

    /// <summary>The upper half of a float32, little endian, 2 bytes a number: its range, and 8 bits of precision.</summary>
    BFloat16 = 1,

    /// <summary>Whole numbers from -127 to 127 with one float32 scale for every <see cref="TensorTypeSize.BlockLength"/> of them: the scales first, then 1 byte a number.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The type is what the name must say.")]
    Int8 = 2,
}
