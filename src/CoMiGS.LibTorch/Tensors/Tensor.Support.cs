namespace TorchSharp;

public static partial class torch
{
    /// <summary>How a division rounds.</summary>
    public enum RoundingMode
    {
        /// <summary>It does not.</summary>
        None,

        /// <summary>Towards zero.</summary>
        trunc,

        /// <summary>Towards minus infinity.</summary>
        floor,
    }

    public partial class Tensor
    {
        private static Argument Mode(RoundingMode mode) => mode == RoundingMode.None ? Argument.None : mode.ToString();

        private static Tensor Quotient(Scalar left, Tensor right)
        {
            using var inverse = Call("reciprocal", right);
            return Call("mul.Scalar", inverse, left);
        }

        private static Tensor As(Tensor result, ScalarType? type) => type is { } t ? result.to_type(t, disposeAfter: true) : result;

        private static Tensor Output(Tensor result, Tensor? output)
        {
            if (output is null)
            {
                return result;
            }

            using (result)
            {
                return output.copy_(result);
            }
        }

        private Tensor After(Tensor result, bool disposeThis)
        {
            if (disposeThis)
            {
                Dispose();
            }

            return result;
        }

        private int Dimension(long dim) => (int)(dim < 0 ? dim + Dimensions : dim);
    }
}
