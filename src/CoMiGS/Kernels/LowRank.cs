namespace CoMiGS.Kernels;

/// <summary>Products with the thin factors of an adapter, over rows whose length is a multiple of the register's.</summary>
internal static unsafe class LowRank
{
    /// <summary>y = x + sum_q u_q B_q.</summary>
    /// <param name="x">(width).</param>
    /// <param name="u">(rank).</param>
    /// <param name="factor">B: (rank, width).</param>
    /// <param name="rank">r.</param>
    /// <param name="width">Numbers in a row.</param>
    /// <param name="y">(width); may be x.</param>
    public static void Expand<TLanes>(float* x, float* u, float* factor, int rank, int width, float* y)
        where TLanes : struct, ILanes<TLanes>
    {
        if (rank == 0)
        {
            new ReadOnlySpan<float>(x, width).CopyTo(new Span<float>(y, width));
            return;
        }

        var q = 0;
        for (; q + 8 <= rank; q += 8, x = y)
        {
            var (u0, u1, u2, u3) = (TLanes.Of(u[q]), TLanes.Of(u[q + 1]), TLanes.Of(u[q + 2]), TLanes.Of(u[q + 3]));
            var (u4, u5, u6, u7) = (TLanes.Of(u[q + 4]), TLanes.Of(u[q + 5]), TLanes.Of(u[q + 6]), TLanes.Of(u[q + 7]));
            var b = factor + ((long)q * width);
            for (var v = 0; v < width; v += TLanes.Count, b += TLanes.Count)
            {
                var even = TLanes.MultiplyAdd(u0, TLanes.Load(b), TLanes.Load(x + v));
                var odd = u1 * TLanes.Load(b + width);
                even = TLanes.MultiplyAdd(u2, TLanes.Load(b + (2 * width)), even);
                odd = TLanes.MultiplyAdd(u3, TLanes.Load(b + (3 * width)), odd);
                even = TLanes.MultiplyAdd(u4, TLanes.Load(b + (4 * width)), even);
                odd = TLanes.MultiplyAdd(u5, TLanes.Load(b + (5 * width)), odd);
                even = TLanes.MultiplyAdd(u6, TLanes.Load(b + (6 * width)), even);
                odd = TLanes.MultiplyAdd(u7, TLanes.Load(b + (7 * width)), odd);
                (even + odd).Store(y + v);
            }
        }

        for (; q < rank; q++, x = y)
        {
            var u0 = TLanes.Of(u[q]);
            var b = factor + ((long)q * width);
            for (var v = 0; v < width; v += TLanes.Count)
            {
                TLanes.MultiplyAdd(u0, TLanes.Load(b + v), TLanes.Load(x + v)).Store(y + v);
            }
        }
    }

    /// <summary>u_q += A_q . h.</summary>
    /// <param name="h">(width).</param>
    /// <param name="factor">A: (rank, width).</param>
    /// <param name="rank">r.</param>
    /// <param name="width">Numbers in a row.</param>
    /// <param name="u">(rank), added to.</param>
    public static void Project<TLanes>(float* h, float* factor, int rank, int width, float* u)
        where TLanes : struct, ILanes<TLanes>
    {
        var q = 0;
        for (; q + 4 <= rank; q += 4)
        {
            var a = factor + ((long)q * width);
            var (s0, s1, s2, s3) = (TLanes.Of(0), TLanes.Of(0), TLanes.Of(0), TLanes.Of(0));
            for (var v = 0; v < width; v += TLanes.Count, a += TLanes.Count)
            {
                var x = TLanes.Load(h + v);
                s0 = TLanes.MultiplyAdd(x, TLanes.Load(a), s0);
                s1 = TLanes.MultiplyAdd(x, TLanes.Load(a + width), s1);
                s2 = TLanes.MultiplyAdd(x, TLanes.Load(a + (2 * width)), s2);
                s3 = TLanes.MultiplyAdd(x, TLanes.Load(a + (3 * width)), s3);
            }

            u[q] += TLanes.Sum(s0);
            u[q + 1] += TLanes.Sum(s1);
            u[q + 2] += TLanes.Sum(s2);
            u[q + 3] += TLanes.Sum(s3);
        }

        for (; q < rank; q++)
        {
            var a = factor + ((long)q * width);
            var sum = TLanes.Of(0);
            for (var v = 0; v < width; v += TLanes.Count)
            {
                sum = TLanes.MultiplyAdd(TLanes.Load(h + v), TLanes.Load(a + v), sum);
            }

            u[q] += TLanes.Sum(sum);
        }
    }

    /// <summary>G_q += sum_t u_tq g_t.</summary>
    /// <param name="u">The first of <paramref name="rows"/> rows of rank numbers, <paramref name="stride"/> apart.</param>
    /// <param name="stride">Numbers from one row of u to the next.</param>
    /// <param name="g">(rows, width).</param>
    /// <param name="rows">How many.</param>
    /// <param name="rank">r.</param>
    /// <param name="width">Numbers in a row of g.</param>
    /// <param name="gradient">G: (rank, width), added to.</param>
    public static void AddOuter<TLanes>(float* u, int stride, float* g, int rows, int rank, int width, float* gradient)
        where TLanes : struct, ILanes<TLanes>
    {
        var q = 0;
        for (; q + 8 <= rank; q += 8)
        {
            for (var v = 0; v < width; v += TLanes.Count)
            {
                var to = gradient + ((long)q * width) + v;
                var (s0, s1, s2, s3) = (TLanes.Load(to), TLanes.Load(to + width), TLanes.Load(to + (2 * width)), TLanes.Load(to + (3 * width)));
                var (s4, s5, s6, s7) = (TLanes.Load(to + (4 * width)), TLanes.Load(to + (5 * width)), TLanes.Load(to + (6 * width)), TLanes.Load(to + (7 * width)));
                var from = u + q;
                for (var t = 0; t < rows; t++, from += stride)
                {
                    var x = TLanes.Load(g + ((long)t * width) + v);
                    s0 = TLanes.MultiplyAdd(TLanes.Of(from[0]), x, s0);
                    s1 = TLanes.MultiplyAdd(TLanes.Of(from[1]), x, s1);
                    s2 = TLanes.MultiplyAdd(TLanes.Of(from[2]), x, s2);
                    s3 = TLanes.MultiplyAdd(TLanes.Of(from[3]), x, s3);
                    s4 = TLanes.MultiplyAdd(TLanes.Of(from[4]), x, s4);
                    s5 = TLanes.MultiplyAdd(TLanes.Of(from[5]), x, s5);
                    s6 = TLanes.MultiplyAdd(TLanes.Of(from[6]), x, s6);
                    s7 = TLanes.MultiplyAdd(TLanes.Of(from[7]), x, s7);
                }

                s0.Store(to);
                s1.Store(to + width);
                s2.Store(to + (2 * width));
                s3.Store(to + (3 * width));
                s4.Store(to + (4 * width));
                s5.Store(to + (5 * width));
                s6.Store(to + (6 * width));
                s7.Store(to + (7 * width));
            }
        }

        for (; q < rank; q++)
        {
            for (var v = 0; v < width; v += TLanes.Count)
            {
                var to = gradient + ((long)q * width) + v;
                var sum = TLanes.Load(to);
                for (var t = 0; t < rows; t++)
                {
                    sum = TLanes.MultiplyAdd(TLanes.Of(u[((long)t * stride) + q]), TLanes.Load(g + ((long)t * width) + v), sum);
                }

                sum.Store(to);
            }
        }
    }
}
