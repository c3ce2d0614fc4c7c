namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module trains. It takes the handle of the tensor it is made from: that one is disposed afterwards.</summary>
    public class Parameter : torch.Tensor
    {
        /// <summary>A parameter over the native tensor of <paramref name="data"/>, in the same dispose scope.</summary>
        public Parameter(torch.Tensor data, bool requires_grad = true)
            : base(data.with_requires_grad(requires_grad).MoveHandle(), false) => DisposeScope.ReplaceWith(data, this);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A parameter over the native tensor of <paramref name="data"/>.</summary>
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
