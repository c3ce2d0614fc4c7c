using System.Runtime.CompilerServices;

namespace CoMiGS.Kernels;

/// <summary>
/// exp(x) in float32: 2^n exp(r) with n = round(x / ln 2) and a polynomial for r. The framework's own goes by way of float64, at twice the price.
/// Arguments are cut to where the result is a normal number: exp(-infinity) is 1.2e-38.
/// </summary>
internal static class Exponential
{
    private const float Least = -87.33f, Most = 88.37f;
    private const float UpperLn2 = 0.693359375f, LowerLn2 = -2.12194440e-4f; // the upper part has so few digits that n times it is exact

    /// <summary>exp(x), within two units of the last digit; NaN of NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Of<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        x = TLanes.Min(TLanes.Max(x, TLanes.Of(Least)), TLanes.Of(Most));
        var n = TLanes.Round(x * TLanes.Of(1.44269504f)); // 1 / ln 2
        var r = TLanes.MultiplyAdd(n, TLanes.Of(-LowerLn2), TLanes.MultiplyAdd(n, TLanes.Of(-UpperLn2), x));

        // exp(r) - 1 - r = r^2 p(r); least largest error over |r| <= ln(2) / 2 (Cephes, expf).
        var p = TLanes.MultiplyAdd(r, TLanes.Of(1.9875691500e-4f), TLanes.Of(1.3981999507e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Of(8.3334519073e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Of(4.1665795894e-2f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Of(1.6666665459e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.Of(5.0000001201e-1f));
        return TLanes.Scale(TLanes.MultiplyAdd(p, r * r, r + TLanes.Of(1)), n);
    }
}
