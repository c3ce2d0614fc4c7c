namespace TorchSharp;

/// <summary>Works out an index: views for positions, slices and new dimensions; masks and tensors of positions are left for the operator.</summary>
internal sealed class Selection : IDisposable
{
    private readonly Tensor source;
    private readonly List<Tensor> made = [];
    private Tensor?[]? tensors;

    public Selection(Tensor source, torch.TensorIndex[] indices)
    {
        this.source = source;
        View = source;
        var consumed = indices.Sum(Consumes);
        if (consumed > source.Dimensions)
        {
            Dispose();
            throw new System.Runtime.InteropServices.ExternalException(
                $"too many indices for tensor of dimension {source.Dimensions}");
        }

        try
        {
            long dim = 0;
            foreach (var index in indices)
            {
                dim = Apply(index, dim, source.Dimensions - consumed);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The tensor after everything but the tensors of positions.</summary>
    public Tensor View { get; private set; }

    /// <summary>The masks and tensors of positions by dimension, or null when there are none.</summary>
    public Tensor?[]? Tensors => tensors;

    /// <summary>The view itself, which from now on belongs to the caller.</summary>
    public Tensor Take()
    {
        if (View == (object)source)
        {
            return source.alias();
        }

        made.Remove(View);
        return View;
    }

    public void Dispose()
    {
        foreach (var tensor in made)
        {
            tensor.Dispose();
        }
    }

    private static long Consumes(torch.TensorIndex index) => index.kind switch
    {
        torch.TensorIndex.Kind.Single or torch.TensorIndex.Kind.Slice => 1,
        torch.TensorIndex.Kind.Tensor => index.tensor!.dtype is ScalarType.Bool or ScalarType.Byte ? index.tensor.Dimensions : 1,
        _ => 0,
    };

    private long Apply(torch.TensorIndex index, long dim, long free)
    {
        switch (index.kind)
        {
            case torch.TensorIndex.Kind.Single:
                Step(View.select(dim, index.start!.Value));
                return dim;
            case torch.TensorIndex.Kind.Slice:
                if (index.start is not null || index.stop is not null || index.step is not null)
                {
                    Step(Call("slice.Tensor", View, dim, index.start, index.stop, index.step ?? 1));
                }

                return dim + 1;
            case torch.TensorIndex.Kind.Ellipsis:
                return dim + free;
            case torch.TensorIndex.Kind.None:
                Step(View.unsqueeze(dim));
                return dim + 1;
            case torch.TensorIndex.Kind.Bool:
                Step(View.unsqueeze(dim));
                var mask = torch.tensor([index.start != 0]);
                made.Add(mask);
                Put(dim, mask);
                return dim + 1;
            default:
                Put(dim, index.tensor!);
                return dim + Consumes(index);
        }
    }

    private void Step(Tensor next)
    {
        made.Add(next);
        View = next;
    }

    // A mask stands for as many dimensions as it has; the operator expands it by itself, so it takes one place in the list.
    private void Put(long dim, Tensor index)
    {
        var skipped = (tensors ?? []).Sum(t => t is { dtype: ScalarType.Bool or ScalarType.Byte } ? t.Dimensions - 1 : 0);
        System.Array.Resize(ref tensors, (int)(dim - skipped) + 1);
        tensors[dim - skipped] = index;
    }
}
