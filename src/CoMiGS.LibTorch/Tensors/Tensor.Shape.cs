namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The same elements in another shape; one length may be -1. Copies when it must.</summary>
        public Tensor reshape(params long[] shape) => Call("reshape", this, shape);

        /// <summary>The same elements in another shape, never copied.</summary>
        public Tensor view(params long[] shape) => Call("view", this, shape);

        /// <summary>A view in the shape of another tensor.</summary>
        public Tensor view_as(Tensor other) => view(other.shape);

        /// <summary>Merges the dimensions from start_dim to end_dim.</summary>
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Call("flatten.using_ints", this, start_dim, end_dim);

        /// <summary>Splits a dimension.</summary>
        public Tensor unflatten(long dim, params long[] sizes) =>
            reshape([.. shape[..Dimension(dim)], .. sizes, .. shape[(Dimension(dim) + 1)..]]);

        /// <summary>Removes dimensions of length one: all, or one.</summary>
        public Tensor squeeze(long? dim = null) => dim is { } d ? Call("squeeze.dim", this, d) : Call("squeeze", this);

        /// <summary>Removes dimensions of length one in place.</summary>
        public Tensor squeeze_(long? dim = null) => dim is { } d ? InPlace("squeeze_.dim", this, d) : InPlace("squeeze_", this);

        /// <summary>Inserts a dimension of length one.</summary>
        public Tensor unsqueeze(long dim) => Call("unsqueeze", this, dim);

        /// <summary>Inserts a dimension of length one in place.</summary>
        public Tensor unsqueeze_(long dim) => InPlace("unsqueeze_", this, dim);

        /// <summary>The transposed matrix.</summary>
        public Tensor t() => Call("t", this);

        /// <summary>The dimensions in reverse order.</summary>
        public Tensor T => Call("numpy_T", this);

        /// <summary>The last two dimensions swapped.</summary>
        public Tensor mT => Call("mT", this);

        /// <summary>Two dimensions swapped.</summary>
        public Tensor transpose(long dim0, long dim1) => Call("transpose.int", this, dim0, dim1);

        /// <summary>Swaps two dimensions in place.</summary>
        public Tensor transpose_(long dim0, long dim1) => InPlace("transpose_", this, dim0, dim1);

        /// <summary>The dimensions in another order.</summary>
        public Tensor permute(params long[] permutation) => Call("permute", this, permutation);

        /// <summary>The dimensions in another order.</summary>
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        /// <summary>Dimensions of length one repeated without copying.</summary>
        public Tensor expand(params long[] sizes) => Call("expand", this, sizes);

        /// <summary>Dimensions of length one repeated without copying.</summary>
        public Tensor expand(long[] sizes, bool isImplicit = false) => Call("expand", this, sizes, isImplicit);

        /// <summary>Dimensions of length one repeated without copying.</summary>
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Call("expand", this, sizes, isImplicit);

        /// <summary>Expanded to the shape of another tensor.</summary>
        public Tensor expand_as(Tensor other) => expand(other.shape);

        /// <summary>Expanded to a shape.</summary>
        public Tensor broadcast_to(params long[] shape) => Call("broadcast_to", this, shape);

        /// <summary>The tensor repeated along each dimension.</summary>
        public Tensor repeat(params long[] sizes) => Call("repeat", this, sizes);

        /// <summary>Each element repeated.</summary>
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Call("repeat_interleave.self_int", this, repeats, dim, output_size);

        /// <summary>Each element repeated as often as a tensor says.</summary>
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Call("repeat_interleave.self_Tensor", this, repeats, dim, output_size);

        /// <summary>A view with explicit sizes, steps and offset.</summary>
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L) =>
            Call("as_strided", this, size, strides, storageOffset);

        /// <summary>The elements in reverse along dimensions.</summary>
        public Tensor flip(params long[] dims) => Call("flip", this, dims);

        /// <summary>The lower triangle, the rest zero.</summary>
        public Tensor tril(long diagonal = 0) => Call("tril", this, diagonal);

        /// <summary>Keeps the lower triangle in place.</summary>
        public Tensor tril_(long diagonal = 0) => InPlace("tril_", this, diagonal);

        /// <summary>The upper triangle, the rest zero.</summary>
        public Tensor triu(long diagonal = 0) => Call("triu", this, diagonal);

        /// <summary>Keeps the upper triangle in place.</summary>
        public Tensor triu_(long diagonal = 0) => InPlace("triu_", this, diagonal);

        /// <summary>A vector as a diagonal matrix, or the diagonal of a matrix.</summary>
        public Tensor diag(long diagonal = 0) => Call("diag", this, diagonal);

        /// <summary>The diagonal, as a view.</summary>
        public Tensor diagonal(long offset = 0L, long dim1 = 0L, long dim2 = 1L) => Call("diagonal", this, offset, dim1, dim2);

        /// <summary>The sum of the diagonal.</summary>
        public Tensor trace() => Call("trace", this);

        /// <summary>Pieces of one length along a dimension, the last may be shorter.</summary>
        public Tensor[] split(long size, int dim = 0) => List("split.Tensor", this, size, (long)dim);

        /// <summary>Pieces of given lengths along a dimension.</summary>
        public Tensor[] split(long[] sizes, long dim = 0) => List("split_with_sizes", this, sizes, dim);

        /// <summary>Pieces of given lengths along the first dimension.</summary>
        public Tensor[] split(params long[] sizes) => List("split_with_sizes", this, sizes, 0L);

        /// <summary>A number of pieces along a dimension.</summary>
        public Tensor[] chunk(long chunks, long dim = 0) => List("chunk", this, chunks, dim);

        /// <summary>The slices along a dimension.</summary>
        public Tensor[] unbind(long dimension = 0) => List("unbind.int", this, dimension);
    }
}
