namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>The slice at an index, without that dimension.</summary>
        public Tensor select(long dim, long index) => Call("select.int", this, dim, index);

        /// <summary>Elements start to start + length of a dimension.</summary>
        public Tensor narrow(long dim, long start, long length) => Call("narrow", this, dim, start, length);

        /// <summary>Elements start to finish of a dimension, every step-th.</summary>
        public Tensor slice(long dim, long start, long finish, long step) => Call("slice.Tensor", this, dim, start, finish, step);

        /// <summary>The slices that an index lists.</summary>
        public Tensor index_select(long dim, Tensor index) => Call("index_select", this, dim, index);

        /// <summary>Adds alpha * source at the slices that an index lists.</summary>
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => Call("index_add", this, dim, index, source, alpha);

        /// <summary>Adds alpha * source in place at the slices that an index lists.</summary>
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            InPlace("index_add_", this, dim, index, source, alpha);

        /// <summary>Source put at the slices that an index lists.</summary>
        public Tensor index_copy(long dim, Tensor index, Tensor source) => Call("index_copy", this, dim, index, source);

        /// <summary>Puts source at the slices that an index lists.</summary>
        public Tensor index_copy_(long dim, Tensor index, Tensor source) => InPlace("index_copy_", this, dim, index, source);

        /// <summary>A value put at the slices that an index lists.</summary>
        public Tensor index_fill(long dim, Tensor index, Scalar value) => Call("index_fill.int_Scalar", this, dim, index, value);

        /// <summary>Puts a value at the slices that an index lists.</summary>
        public Tensor index_fill_(long dim, Tensor index, Scalar value) => InPlace("index_fill_.int_Scalar", this, dim, index, value);

        /// <summary>One element per position of the index, along a dimension.</summary>
        public Tensor gather(long dim, Tensor index) => Call("gather", this, dim, index);

        /// <summary>Source put at the positions of the index, along a dimension.</summary>
        public Tensor scatter(long dim, Tensor index, Tensor src) => Call("scatter.src", this, dim, index, src);

        /// <summary>Puts source at the positions of the index, along a dimension.</summary>
        public Tensor scatter_(long dim, Tensor index, Tensor src) => InPlace("scatter_.src", this, dim, index, src);

        /// <summary>Source added at the positions of the index, along a dimension.</summary>
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Call("scatter_add", this, dim, index, src);

        /// <summary>Adds source in place at the positions of the index.</summary>
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => InPlace("scatter_add_", this, dim, index, src);

        /// <summary>A value where the mask is true.</summary>
        public Tensor masked_fill(Tensor mask, Scalar value) => Call("masked_fill.Scalar", this, mask, value);

        /// <summary>Puts a value where the mask is true.</summary>
        public Tensor masked_fill_(Tensor mask, Scalar value) => InPlace("masked_fill_.Scalar", this, mask, value);

        /// <summary>The elements where the mask is true.</summary>
        public Tensor masked_select(Tensor mask) => Call("masked_select", this, mask);

        /// <summary>This where the condition is true, else y.</summary>
        public Tensor where(Tensor condition, Tensor y) => Call("where.self", condition, this, y);

        /// <summary>The indices of the elements that are not zero, a row each.</summary>
        public Tensor nonzero() => Call("nonzero", this);

        /// <summary>The largest or smallest k elements and their indices.</summary>
        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Pair("topk", this, (long)k, (long)dim, largest, sorted);

        /// <summary>The elements in order and their indices.</summary>
        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Pair("sort.stable", this, stable, dim, descending);

        /// <summary>The indices that sort a dimension.</summary>
        public Tensor argsort(long dim = -1, bool descending = false) => Call("argsort", this, dim, descending);
    }
}
