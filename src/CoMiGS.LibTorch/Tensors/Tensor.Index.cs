using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Reads or writes a part of the tensor.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>Reads or writes the elements that masks or tensors of positions name.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        /// <summary>Reads or writes the slice at a position.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => index_put_(value, TensorIndex.Single(i1));
        }

        /// <summary>Reads or writes the slice at a position.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(i1, i2);
            set => index_put_(value, i1, i2);
        }

        /// <summary>Reads or writes the slice at a position.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(i1, i2, i3);
            set => index_put_(value, i1, i2, i3);
        }

        /// <summary>Reads or writes the slice at a position.</summary>
        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Singles(indices));
            set => index_put_(value, Singles(indices));
        }

        /// <summary>A part of the tensor: a view as long as no tensor is among the indices.</summary>
        public Tensor index(params TensorIndex[] indices)
        {
            using var selection = new Selection(this, indices);
            return selection.Tensors is null ? selection.Take() : Call("index.Tensor", selection.View, Argument.Optional(selection.Tensors));
        }

        /// <summary>The elements that masks or tensors of positions name.</summary>
        public Tensor index(params Tensor[] indices) => index(Parts(indices));

        /// <summary>Writes into a part of the tensor.</summary>
        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => Put(value, indices, false);

        /// <summary>Writes into, or adds to, a part of the tensor.</summary>
        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false) => Put(value, indices, accumulate);

        /// <summary>Writes to the elements that masks or tensors of positions name.</summary>
        public Tensor index_put_(Tensor value, params Tensor[] indices) => Put(value, Parts(indices), false);

        /// <summary>Writes or adds to the elements that masks or tensors of positions name.</summary>
        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) => Put(value, Parts(indices), accumulate);

        /// <summary>Writes one value into a part of the tensor.</summary>
        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var filler = full([], value, dtype, device);
            return Put(filler, indices, false);
        }

        /// <summary>Writes one value to the elements that masks or tensors of positions name.</summary>
        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, Parts(indices));

        private static TensorIndex[] Parts(Tensor[] indices) => System.Array.ConvertAll(indices, TensorIndex.Tensor);

        private static TensorIndex[] Singles(long[] indices) => System.Array.ConvertAll(indices, i => TensorIndex.Single(i));

        private Tensor Put(Tensor value, TensorIndex[] indices, bool accumulate)
        {
            if (accumulate && indices.All(i => i.kind != TensorIndex.Kind.Tensor))
            {
                throw new ArgumentException("Accumulating needs at least one tensor among the indices.", nameof(indices));
            }

            using var selection = new Selection(this, indices);
            if (selection.Tensors is not null)
            {
                Run("index_put_", selection.View, Argument.Optional(selection.Tensors), value, accumulate);
                return this;
            }

            // As in PyTorch, leading dimensions of length one that the part lacks do not matter.
            var lengths = value.shape;
            var extra = Math.Max(0, lengths.Length - (int)selection.View.Dimensions);
            if (extra > 0 && lengths.Take(extra).All(l => l == 1))
            {
                using var trimmed = value.reshape(lengths[extra..]);
                selection.View.copy_(trimmed);
                return this;
            }

            selection.View.copy_(value);
            return this;
        }
    }
}
