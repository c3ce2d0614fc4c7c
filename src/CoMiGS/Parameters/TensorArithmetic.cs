using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Parameters;

/// <summary>
/// Arithmetic whose scalars live until torch has read them. TorchSharp's operators make a scalar for each number, and even for the plain sum of two tensors, to which nothing refers any more
/// while native code reads it: a collection in that moment frees it. That is rare, but a device makes millions of such calls.
/// </summary>
internal static class TensorArithmetic
{
    private static readonly Scalar One = 1L.ToScalar();

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    /// <summary>left + right.</summary>
    public static Tensor Plus(this Tensor left, Scalar right) => left.add(right, One);

    /// <summary>0, 1 .. count - 1, int64.</summary>
    public static Tensor Numbers(long count, Device device)
    {
        var numbers = new long[count];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = i;
        }

        return tensor(numbers, [count], ScalarType.Int64, device); // arange makes scalars of its own
    }

    /// <summary>Adds to a tensor in place.</summary>
    public static void Add(this Tensor sum, Tensor term) => sum.add_(term, One);

    /// <summary>tensor * factor.</summary>
    public static Tensor Times(this Tensor tensor, double factor)
    {
        using var scalar = factor.ToScalar();
        return tensor.mul(scalar);
    }

    /// <summary>tensor / divisor.</summary>
    public static Tensor Over(this Tensor tensor, double divisor)
    {
        using var scalar = divisor.ToScalar();
        return tensor.div(scalar);
    }

    /// <summary>A tensor whose elements are all the same.</summary>
    public static Tensor Filled(long[] shape, double value, ScalarType type, Device device)
    {
        using var scalar = value.ToScalar();
        return full(shape, scalar, type, device);
    }

    /// <summary>A tensor with zeros where a mask is true.</summary>
    public static Tensor Without(this Tensor tensor, Tensor mask)
    {
        using var zero = 0.0.ToScalar();
        return tensor.masked_fill(mask, zero);
    }
}
