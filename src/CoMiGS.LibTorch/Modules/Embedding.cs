using System.Diagnostics.CodeAnalysis;
using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>A table of vectors, looked up by index.</summary>
    public sealed class Embedding : torch.nn.Module<torch.Tensor, torch.Tensor>
    {
        private readonly EmbeddingSettings settings;

        [ComponentName(Name = nameof(weight))]
        private Parameter _weight = null!;

        internal Embedding(torch.Tensor table, bool requiresGrad, EmbeddingSettings settings)
            : base(nameof(Embedding))
        {
            this.settings = settings;
            weight = new Parameter(table, requiresGrad);
        }

        /// <summary>The table, of shape (entries, width).</summary>
        [DisallowNull]
        public Parameter? weight
        {
            get => _weight;
            set
            {
                _weight = (Parameter)value.DetachFromDisposeScope();
                ConditionallyRegisterParameter(nameof(weight), _weight);
            }
        }

        /// <inheritdoc/>
        public override torch.Tensor forward(torch.Tensor input)
        {
            if (settings.MaxNorm is { } limit)
            {
                using (torch.no_grad())
                {
                    Run("embedding_renorm_", _weight, input, limit, settings.NormType);
                }
            }

            return Call("embedding", _weight, input, settings.Padding, settings.ScaleByFrequency, settings.Sparse);
        }
    }

    /// <summary>How a table is looked up.</summary>
    internal sealed record EmbeddingSettings(long Padding, double? MaxNorm, double NormType, bool ScaleByFrequency, bool Sparse);
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A table of vectors drawn from the standard normal distribution; the padding entry is zero.</summary>
            public static Modules.Embedding Embedding(
                long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                var table = randn(num_embeddings, embedding_dims, dtype, device);
                if (padding_idx is { } padding)
                {
                    using var row = table.select(0, padding);
                    row.zero_();
                }

                return new Modules.Embedding(table, true, Settings(num_embeddings, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse));
            }

            /// <summary>A table with given vectors.</summary>
            public static Modules.Embedding Embedding_from_pretrained(
                Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                var table = embeddings.to(dtype ?? embeddings.dtype, device ?? embeddings.device);
                return new Modules.Embedding(table, !freeze, Settings(table.shape[0], padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse));
            }

            // ATen counts from the front and takes -1 for no padding.
            private static Modules.EmbeddingSettings Settings(long entries, long? padding, double? maxNorm, double normType, bool scale, bool sparse) =>
                new(padding is { } p ? (p < 0 ? p + entries : p) : -1, maxNorm, normType, scale, sparse);
        }
    }
}
