namespace TorchSharp;

public static partial class torch
{
    /// <summary>Linear algebra.</summary>
    public static partial class linalg
    {
        /// <summary>Which part of a QR decomposition is wanted.</summary>
        public enum QRMode
        {
            /// <summary>Q with as many columns as R has rows.</summary>
            Reduced = 0,

            /// <summary>A square Q.</summary>
            Complete = 1,

            /// <summary>R alone.</summary>
            R = 2,
        }

        /// <summary>U, S and V^T with U diag(S) V^T = input.</summary>
        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) => Triple("linalg_svd", input, fullMatrices);

        /// <summary>The singular values.</summary>
        public static Tensor svdvals(Tensor input) => Call("linalg_svdvals", input);

        /// <summary>Q and R with Q R = input.</summary>
        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced) =>
            Pair("linalg_qr", input, mode == QRMode.R ? "r" : mode == QRMode.Complete ? "complete" : "reduced");

        /// <summary>The norm of the tensor as one vector, or along dimensions.</summary>
        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) =>
            Call("linalg_norm", input, Argument.None, dims, keepdim);

        /// <summary>A norm of a vector or a matrix.</summary>
        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            Call("linalg_norm", input, ord, dims, keepdim);

        /// <summary>The norm of the tensor as one vector, or along dimensions.</summary>
        public static Tensor vector_norm(Tensor input, double ord = 2.0, long[]? dims = null, bool keepdim = false) =>
            Call("linalg_vector_norm", input, ord, dims, keepdim);

        /// <summary>The inverse matrix.</summary>
        public static Tensor inv(Tensor input) => Call("linalg_inv", input);

        /// <summary>The determinant.</summary>
        public static Tensor det(Tensor input) => Call("linalg_det", input);

        /// <summary>The solution X of A X = B.</summary>
        public static Tensor solve(Tensor A, Tensor B, bool left = true) => Call("linalg_solve", A, B, left);
    }
}
