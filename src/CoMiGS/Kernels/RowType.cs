namespace CoMiGS.Kernels;

/// <summary>How rows lie in memory; they are always computed on in float32.</summary>
internal enum RowType
{
    /// <summary>Four bytes.</summary>
    Float32,

    /// <summary>The upper two bytes of a float32.</summary>
    BFloat16,
}
