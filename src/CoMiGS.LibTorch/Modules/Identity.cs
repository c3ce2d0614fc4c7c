namespace TorchSharp.Modules
{
    /// <summary>Passes its input through.</summary>
    public sealed class Identity : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal Identity()
            : base(nameof(Identity))
        {
        }

        /// <summary>Another managed tensor over the input, so that disposing one leaves the other.</summary>
        public override torch.Tensor forward(torch.Tensor tensor) => tensor.alias();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Passes its input through.</summary>
            public static Modules.Identity Identity() => new();
        }
    }
}
