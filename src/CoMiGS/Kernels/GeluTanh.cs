using System.Runtime.CompilerServices;

namespace CoMiGS.Kernels;

/// <summary>GELU by its tanh approximation: x sigmoid(p(x)) with p(x) = 2 sqrt(2 / pi) (x + 0.044715 x^3).</summary>
internal readonly struct GeluTanh : ICombine
{
    private const float Linear = 1.5957691216057308f; // 2 sqrt(2 / pi)
    private const float Cubic = 0.07135481282052823f; // 0.044715 of it

    public static int Inputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Forward<TLanes>(TLanes first, TLanes second)
        where TLanes : struct, ILanes<TLanes> =>
        first * Sigmoid.Of(first * TLanes.MultiplyAdd(first * first, TLanes.Of(Cubic), TLanes.Of(Linear)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Backward<TLanes>(TLanes first, TLanes second, out TLanes byFirst, out TLanes bySecond)
        where TLanes : struct, ILanes<TLanes>
    {
        var square = first * first;
        var sigmoid = Sigmoid.Of(first * TLanes.MultiplyAdd(square, TLanes.Of(Cubic), TLanes.Of(Linear)));
        var result = first * sigmoid;
        var slope = TLanes.MultiplyAdd(square, TLanes.Of(3 * Cubic), TLanes.Of(Linear)); // p'(x)
        byFirst = TLanes.MultiplyAdd(result * (TLanes.Of(1) - sigmoid), slope, sigmoid);
        bySecond = default;
        return result;
    }
}
