namespace CoMiGS.Kernels;

/// <summary>What <see cref="CrossEntropyRows"/> computes, for a range of rows.</summary>
internal sealed unsafe class CrossEntropyPass(RowType type, void* logits, long* targets, int vocabulary, float? scale, double* losses)
{
    private const int Block = 1024; // exponentials that are summed in float32 before they join the sum of the row in float64

    public void Run<TLanes>(int begin, int end)
        where TLanes : struct, ILanes<TLanes>
    {
        using var scratch = type == RowType.Float32 ? null : new Scratch(vocabulary, 1);
        var widened = scratch is null ? null : scratch.Take(vocabulary);
        for (var row = begin; row < end; row++)
        {
            var offset = (long)row * vocabulary;
            if (type == RowType.Float32)
            {
                losses[row] = Row<TLanes>((float*)logits + offset, targets[row]);
                continue;
            }

            Rows.Widen((ushort*)logits + offset, widened, vocabulary);
            losses[row] = Row<TLanes>(widened, targets[row]);
            if (scale is not null)
            {
                Rows.Narrow(widened, (ushort*)logits + offset, vocabulary);
            }
        }
    }

    private double Row<TLanes>(float* x, long target)
        where TLanes : struct, ILanes<TLanes>
    {
        if (target == CrossEntropyRows.Ignored)
        {
            new Span<float>(x, vocabulary).Clear();
            return 0;
        }

        var most = Most<TLanes>(x);
        var own = x[target] - most;
        var sum = Exponentials<TLanes>(x, most);
        if (scale is { } factor)
        {
            Multiply<TLanes>(x, (float)(factor / sum));
            x[target] -= factor;
        }

        return Math.Log(sum) - own;
    }

    private float Most<TLanes>(float* x)
        where TLanes : struct, ILanes<TLanes>
    {
        var (even, odd) = (TLanes.Of(float.NegativeInfinity), TLanes.Of(float.NegativeInfinity));
        var v = 0;
        for (; v + (2 * TLanes.Count) <= vocabulary; v += 2 * TLanes.Count)
        {
            even = TLanes.Max(even, TLanes.Load(x + v));
            odd = TLanes.Max(odd, TLanes.Load(x + v + TLanes.Count));
        }

        var most = TLanes.Largest(TLanes.Max(even, odd));
        for (; v < vocabulary; v++)
        {
            most = MathF.Max(most, x[v]);
        }

        return most;
    }

    /// <summary>Replaces x by exp(x - most).</summary>
    /// <returns>Their sum.</returns>
    private double Exponentials<TLanes>(float* x, float most)
        where TLanes : struct, ILanes<TLanes>
    {
        var shift = TLanes.Of(most);
        var sum = 0.0;
        var v = 0;
        while (v + TLanes.Count <= vocabulary)
        {
            var part = TLanes.Of(0);
            for (var end = Math.Min(vocabulary, v + Block); v + TLanes.Count <= end; v += TLanes.Count)
            {
                var e = Exponential.Of(TLanes.Load(x + v) - shift);
                e.Store(x + v);
                part += e;
            }

            sum += TLanes.Sum(part);
        }

        for (; v < vocabulary; v++)
        {
            x[v] = MathF.Exp(x[v] - most);
            sum += x[v];
        }

        return sum;
    }

    private void Multiply<TLanes>(float* x, float factor)
        where TLanes : struct, ILanes<TLanes>
    {
        var lanes = TLanes.Of(factor);
        var v = 0;
        for (; v + TLanes.Count <= vocabulary; v += TLanes.Count)
        {
            (TLanes.Load(x + v) * lanes).Store(x + v);
        }

        for (; v < vocabulary; v++)
        {
            x[v] *= factor;
        }
    }
}
