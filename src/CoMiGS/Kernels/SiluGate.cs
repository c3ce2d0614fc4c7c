using System.Runtime.CompilerServices;

namespace CoMiGS.Kernels;

/// <summary>SwiGLU: first sigmoid(first) second.</summary>
internal readonly struct SiluGate : ICombine
{
    public static int Inputs => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Forward<TLanes>(TLanes first, TLanes second)
        where TLanes : struct, ILanes<TLanes> => first * Sigmoid.Of(first) * second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Backward<TLanes>(TLanes first, TLanes second, out TLanes byFirst, out TLanes bySecond)
        where TLanes : struct, ILanes<TLanes>
    {
        var sigmoid = Sigmoid.Of(first);
        bySecond = first * sigmoid;
        byFirst = second * TLanes.MultiplyAdd(bySecond, TLanes.Of(1) - sigmoid, sigmoid);
        return bySecond * second;
    }
}
