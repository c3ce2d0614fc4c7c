namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Whether gradients are wanted for this tensor.</summary>
        public bool requires_grad
        {
            get => Native.TensorRequiresGrad(Handle);
            set => Native.Check(Native.TensorSetRequiresGrad(Handle, value));
        }

        /// <summary>Whether the tensor was made by the user and not by a recorded operation.</summary>
        public bool is_leaf => Native.TensorIsLeaf(Handle);

        /// <summary>The gradient, or null. Each read makes a new managed tensor over the same native one.</summary>
        public Tensor? grad
        {
            get
            {
                var gradient = Native.TensorGrad(Handle);
                return gradient == 0 ? null : new Tensor(gradient);
            }

            set
            {
                Native.Check(Native.TensorSetGrad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(value);
            }
        }

        /// <summary>Sets <see cref="requires_grad"/> and returns this tensor.</summary>
        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Sets <see cref="requires_grad"/> and returns this tensor.</summary>
        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        /// <summary>Keeps the gradient of a tensor that is no leaf.</summary>
        public void retain_grad() => Native.Check(Native.TensorRetainGrad(Handle));

        /// <summary>Adds the gradients of this scalar to all leaves it came from.</summary>
        public void backward() => autograd.backward([this]);

        /// <summary>Adds the gradients of this tensor, weighted by <paramref name="grad_tensors"/>, to all leaves or to <paramref name="inputs"/>.</summary>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
