using static TorchSharp.torch;

namespace CoMiGS.Parameters;

/// <summary>Type conversion that costs nothing when there is nothing to convert.</summary>
internal static class TensorCast
{
    /// <summary>The tensor itself if it already has this type, else a converted copy in the current dispose scope.</summary>
    public static Tensor Cast(this Tensor tensor, ScalarType type) => tensor.dtype == type ? tensor : tensor.to(type);
}
