using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Activation functions of the backbones.</summary>
internal static class Activations
{
    private static readonly Scalar Linear = (2 * Math.Sqrt(2 / Math.PI)).ToScalar();
    private static readonly Scalar Cubic = (2 * Math.Sqrt(2 / Math.PI) * 0.044715).ToScalar();

    /// <summary>GELU by the tanh approximation, as in GPT-2: 0.5 x (1 + tanh u) = x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3).</summary>
    /// <remarks>In this form because libtorch 1.13 computes tanh three to four times slower than sigmoid.</remarks>
    public static Tensor GeluTanh(Tensor x) // any shape
    {
        using var scope = NewDisposeScope();
        var twice = x * ((x * x * Cubic) + Linear);
        return (x * twice.sigmoid()).MoveToOuterDisposeScope();
    }
}
