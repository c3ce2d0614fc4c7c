using CoMiGS.Transport;

namespace CoMiGS.Federation.Methods;

/// <summary>Between adapters of a full and of a lower rank: leading blocks of matrices, and zeros around them.</summary>
internal static class RankCut
{
    /// <summary>The same tensors in other shapes: their leading blocks where these are smaller, zeros beyond them where these are larger.</summary>
    public static TensorSet InShapes(TensorSet source, IReadOnlyList<TensorSpec> specs) =>
        new(source.Zip(specs, (tensor, spec) => tensor.Spec == spec ? tensor : Copy(tensor, spec)));

    /// <summary><c>||B[:, from:]||_F ||A[from:, :]||_F</c>.</summary>
    public static double TailNorm(TensorSet tensors, AdapterPair pair, int from)
    {
        var (a, b) = (tensors[pair.A], tensors[pair.B]);
        return Math.Sqrt(SquaresBeyond(a, from, 0) * SquaresBeyond(b, 0, from));
    }

    private static double SquaresBeyond(NamedTensor matrix, int firstRow, int firstColumn)
    {
        var values = matrix.AsFloats();
        var columns = (int)matrix.Spec.Shape[1];
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            if (i / columns >= firstRow && i % columns >= firstColumn)
            {
                sum += (double)values[i] * values[i];
            }
        }

        return sum;
    }

    private static NamedTensor Copy(NamedTensor source, TensorSpec spec)
    {
        var from = source.AsFloats();
        var to = new float[spec.ElementCount];
        var (columns, wide) = ((int)source.Spec.Shape[1], (int)spec.Shape[1]);
        var (rows, width) = (Math.Min(source.Spec.Shape[0], spec.Shape[0]), Math.Min(columns, wide));
        for (var row = 0; row < rows; row++)
        {
            from.Slice(row * columns, width).CopyTo(to.AsSpan(row * wide));
        }

        return NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), to);
    }
}
