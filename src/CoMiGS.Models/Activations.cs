using CoMiGS.Parameters;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Models;

/// <summary>Activation functions of the backbones.</summary>
internal static class Activations
{
    private static readonly Scalar Linear = (2 * Math.Sqrt(2 / Math.PI)).ToScalar();
    private static readonly Scalar Cubic = (2 * Math.Sqrt(2 / Math.PI) * 0.044715).ToScalar();

    /// <summary>The function of x, of any shape.</summary>
    public static Tensor Of(this Activation activation, Tensor x) => activation switch
    {
        Activation.GeluTanh => GeluTanh(x),
        Activation.Gelu => nn.functional.gelu(x),
        Activation.Silu => nn.functional.silu(x),
        Activation.Relu => nn.functional.relu(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, $"There is no activation {activation}. Use {string.Join(", ", Enum.GetNames<Activation>())}."),
    };

    /// <summary>Numbers kept for the backward pass, for each of x: x itself or the result, and for the tanh form also the polynomial and the sigmoid.</summary>
    public static int Kept(this Activation activation) => activation == Activation.GeluTanh ? 3 : 1;

    /// <summary>GELU by the tanh approximation, as in GPT-2: 0.5 x (1 + tanh u) = x sigmoid(2 u), u = sqrt(2 / pi) (x + 0.044715 x^3).</summary>
    /// <remarks>In this form because libtorch 1.13 computes tanh three to four times slower than sigmoid.</remarks>
    private static Tensor GeluTanh(Tensor x) // any shape
    {
        using var scope = NewDisposeScope();
        var twice = x * (x * x * Cubic).Plus(Linear);
        return (x * twice.sigmoid()).MoveToOuterDisposeScope();
    }
}
