using System.Runtime.Intrinsics;

namespace CoMiGS.Kernels;

/// <summary>
/// One step of AdamW (arXiv 1711.05101, algorithm 2) in one pass over value, gradient and both moments:
/// <code>
///   m = b1 m + (1 - b1) g        v = b2 v + (1 - b2) g^2        x = (1 - decay) x - rate m / (sqrt(v) / root + epsilon)
/// </code>
/// </summary>
/// <param name="Beta1">b1.</param>
/// <param name="Beta2">b2.</param>
/// <param name="Decay">Learning rate times weight decay.</param>
/// <param name="Rate">Learning rate over 1 - b1^t.</param>
/// <param name="Root">sqrt(1 - b2^t).</param>
/// <param name="Epsilon">epsilon.</param>
internal readonly unsafe record struct AdamWStep(double Beta1, double Beta2, double Decay, double Rate, double Root, double Epsilon)
{
    /// <summary>Changes so many numbers.</summary>
    /// <param name="value">x.</param>
    /// <param name="gradient">g.</param>
    /// <param name="mean">m.</param>
    /// <param name="square">v.</param>
    /// <param name="count">How many of each.</param>
    public void Run(float* value, float* gradient, float* mean, float* square, long count)
    {
        var done = Vector512.IsHardwareAccelerated ? Wide<Lanes512>(value, gradient, mean, square, count)
            : Vector256.IsHardwareAccelerated ? Wide<Lanes256>(value, gradient, mean, square, count)
            : Wide<Lanes128>(value, gradient, mean, square, count);
        for (var i = done; i < count; i++)
        {
            var g = gradient[i];
            mean[i] = ((float)Beta1 * mean[i]) + ((float)(1 - Beta1) * g);
            square[i] = ((float)Beta2 * square[i]) + ((float)(1 - Beta2) * g * g);
            value[i] = ((float)(1 - Decay) * value[i]) - ((float)Rate * mean[i] / ((MathF.Sqrt(square[i]) / (float)Root) + (float)Epsilon));
        }
    }

    private long Wide<TLanes>(float* value, float* gradient, float* mean, float* square, long count)
        where TLanes : struct, ILanes<TLanes>
    {
        var (beta1, rest1, beta2, rest2) = (TLanes.Of((float)Beta1), TLanes.Of((float)(1 - Beta1)), TLanes.Of((float)Beta2), TLanes.Of((float)(1 - Beta2)));
        var (keep, rate, root, epsilon) = (TLanes.Of((float)(1 - Decay)), TLanes.Of((float)Rate), TLanes.Of((float)Root), TLanes.Of((float)Epsilon));
        var i = 0L;
        for (; i + TLanes.Count <= count; i += TLanes.Count)
        {
            var g = TLanes.Load(gradient + i);
            var m = TLanes.MultiplyAdd(beta1, TLanes.Load(mean + i), rest1 * g);
            var v = TLanes.MultiplyAdd(beta2, TLanes.Load(square + i), rest2 * g * g);
            m.Store(mean + i);
            v.Store(square + i);
            ((keep * TLanes.Load(value + i)) - (rate * m / ((TLanes.Sqrt(v) / root) + epsilon))).Store(value + i);
        }

        return i;
    }
}
