namespace TorchSharp.Modules
{
    /// <summary>x * Phi(x), Phi being the normal distribution function.</summary>
    public sealed class GELU : ParameterLessModule<torch.Tensor, torch.Tensor>
    {
        internal GELU(bool inplace = false, Approximate approximate = Approximate.none)
            : base(nameof(GELU))
        {
            this.inplace = inplace;
            this.approximate = approximate;
        }

        /// <summary>How Phi is computed.</summary>
        public enum Approximate
        {
            /// <summary>Exactly, by the error function.</summary>
            none,

            /// <summary>By the tanh formula of GPT-2.</summary>
            tanh,
        }

        /// <summary>Whether the input is overwritten.</summary>
        public bool inplace { get; set; }

        /// <summary>How Phi is computed.</summary>
        public Approximate approximate { get; set; }

        /// <inheritdoc/>
        public override torch.Tensor forward(torch.Tensor tensor) => torch.nn.functional.gelu(tensor, approximate, inplace);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>x * Phi(x).</summary>
            public static Modules.GELU GELU() => new();

            /// <summary>x * Phi(x).</summary>
            public static Modules.GELU GELU(bool inplace) => new(inplace);

            /// <summary>x * Phi(x), exact or by the tanh formula.</summary>
            public static Modules.GELU GELU(Modules.GELU.Approximate approximate, bool inplace = false) => new(inplace, approximate);
        }
    }
}
