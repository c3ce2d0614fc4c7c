namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>softmax(Q K^T / sqrt(d) + mask) V; a truth mask keeps where it is true. libtorch 1.13 has no such operator: there it is composed.</summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                if (p < 0)
                {
                    throw new ArgumentException("Dropout probability must be greater than or equal to zero.");
                }

                if (is_casual && attn_mask is not null)
                {
                    throw new ArgumentException("Casual attention masking cannot pass a mask.");
                }

                return Exists("scaled_dot_product_attention")
                    ? Call("scaled_dot_product_attention", query, key, value, attn_mask, p, is_casual)
                    : Composed(query, key, value, attn_mask, p, is_casual);
            }

            private static Tensor Composed(Tensor query, Tensor key, Tensor value, Tensor? mask, double p, bool causal)
            {
                using var scope = NewDisposeScope();
                var scores = (query * (1 / Math.Sqrt(query.shape[^1]))).matmul(key.transpose(-2, -1)); // (..., L, S)
                if (causal)
                {
                    mask = ones(query.shape[^2], key.shape[^2], ScalarType.Bool, query.device).tril();
                }

                if (mask is { dtype: ScalarType.Bool })
                {
                    scores = scores.masked_fill(mask.logical_not(), double.NegativeInfinity);
                }
                else if (mask is not null)
                {
                    scores += mask;
                }

                var weights = scores.softmax(-1);
                return (p > 0 ? dropout(weights, p) : weights).matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
