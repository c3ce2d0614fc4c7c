using System.Runtime.CompilerServices;

namespace CoMiGS.Kernels;

/// <summary>1 / (1 + exp(-x)).</summary>
internal static class Sigmoid
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes> => TLanes.Of(1) / (TLanes.Of(1) + Exponential.Of(TLanes.Of(0) - x));
}
