namespace TorchSharp;

public static partial class torch
{
    /// <summary>Gradients by reverse differentiation.</summary>
    public static partial class autograd
    {
        /// <summary>Adds the gradients of tensors to the leaves they came from.</summary>
        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            var roots = Handles(tensors);
            var grads = Handles(grad_tensors);
            var leaves = Handles(inputs);
            fixed (nint* r = roots, g = grads, l = leaves)
            {
                Native.Check(Native.Backward(r, grad_tensors is null ? null : g, roots.Length, retain_graph ?? create_graph, create_graph, l, leaves.Length));
            }

            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }

        /// <summary>Adds the gradients of a tensor to the leaves it came from.</summary>
        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Adds the gradients of a tensor, weighted by another, to the leaves it came from.</summary>
        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>The gradients of outputs with respect to inputs, without touching any <c>grad</c>.</summary>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var roots = Handles(outputs);
            var grads = Handles(grad_outputs);
            var leaves = Handles(inputs);
            var results = new nint[leaves.Length];
            fixed (nint* r = roots, g = grads, l = leaves, o = results)
            {
                Native.Check(Native.Grad(r, grad_outputs is null ? null : g, roots.Length, l, leaves.Length, retain_graph, create_graph, allow_unused, o));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(grad_outputs);
            GC.KeepAlive(inputs);
            return results.Select(h => new Tensor(h)).ToList();
        }

        internal static nint[] Handles(IList<Tensor>? tensors)
        {
            var handles = tensors is null ? [] : new nint[tensors.Count];
            for (var i = 0; i < handles.Length; i++)
            {
                handles[i] = tensors![i] is { } tensor ? tensor.Handle : 0;
            }

            return handles;
        }
    }
}
