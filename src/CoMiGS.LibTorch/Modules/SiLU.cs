namespace TorchSharp.Modules
{
    /// <summary>x * sigmoid(x).</summary>
    public sealed class SiLU : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal SiLU(bool inplace = false)
            : base(nameof(SiLU)) => this.inplace = inplace;

        /// <summary>Whether the input is overwritten.</summary>
        public bool inplace { get; set; }

        /// <inheritdoc/>
        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.silu(tensor, inplace);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>x * sigmoid(x).</summary>
            public static Modules.SiLU SiLU() => new();

            /// <summary>x * sigmoid(x).</summary>
            public static Modules.SiLU SiLU(bool inplace) => new(inplace);
        }
    }
}
