using static TorchSharp.torch;

namespace CoMiGS.Parameters;

/// <summary>Walks over a tensor in pieces, so that what reads, writes or hashes it needs memory for one piece and no second copy.</summary>
internal static class TensorWindows
{
    /// <summary>Large enough that a piece costs nothing beside its bytes, small beside any model.</summary>
    public const long Bytes = 16 << 20;

    /// <summary>Visits all elements in row-major order.</summary>
    /// <param name="tensor">Of any device and layout.</param>
    /// <param name="elements">The most elements of a piece.</param>
    /// <param name="visit">Takes a view of the tensor and the number of elements before it.</param>
    public static void ForEach(Tensor tensor, long elements, Action<Tensor, long> visit)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var whole = tensor.detach();
        Visit(whole.is_contiguous() ? whole.view(-1) : whole, 0, elements, visit);
    }

    /// <summary>Takes the raw bytes of a tensor of any size, device and layout, in row-major order.</summary>
    public static void ForEachBytes(Tensor tensor, Action<ReadOnlySpan<byte>> take) =>
        ForEach(tensor, Bytes / tensor.element_size(), (piece, _) => take(piece.cpu().contiguous().bytes));

    private static void Visit(Tensor piece, long before, long elements, Action<Tensor, long> visit)
    {
        using var scope = NewDisposeScope();
        var count = piece.numel();
        if (count == 0)
        {
            return;
        }

        if (count <= elements)
        {
            visit(piece, before);
            return;
        }

        var (rows, row) = (piece.shape[0], count / piece.shape[0]);
        var step = Math.Clamp(elements / row, 1, rows);
        for (var i = 0L; i < rows; i += step)
        {
            Visit(step == 1 ? piece.select(0, i) : piece.narrow(0, i, Math.Min(step, rows - i)), before + (i * row), elements, visit);
        }
    }
}
