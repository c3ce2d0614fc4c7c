using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Which type sums and exponentials are computed in.</summary>
internal static class Precision
{
    /// <summary>Float32 for shorter types; float64 stays.</summary>
    public static ScalarType Of(ScalarType type) => type == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
}
