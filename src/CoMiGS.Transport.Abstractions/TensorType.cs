using System.Diagnostics.CodeAnalysis;

namespace CoMiGS.Transport;

/// <summary>How the numbers of a tensor travel.</summary>
public enum TensorType
{
    /// <summary>IEEE 754 single precision, little endian, 4 bytes a number.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The type is what the name must say.")]
    Float32 = 0,
}
