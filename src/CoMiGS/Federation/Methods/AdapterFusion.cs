using CoMiGS.Transport;

namespace CoMiGS.Federation.Methods;

/// <summary>
/// Two adapters in one of twice their rank: <c>A = [A_1; A_2]</c> and <c>B = [w_1 B_1, w_2 B_2]</c>, so that <c>s B A = w_1 s B_1 A_1 + w_2 s B_2 A_2</c>. Adding factor to factor
/// instead would bring in <c>w_1 w_2 B_1 A_2</c>, which is neither's.
/// </summary>
internal static class AdapterFusion
{
    /// <summary>The fused tensors, in the order of the first set.</summary>
    /// <param name="one">A_1 (r, in) and B_1 (out, r) of every adapter.</param>
    /// <param name="other">A_2 and B_2, of the same shapes.</param>
    /// <param name="rankDimensions">Which dimension of a tensor is the rank, by its name: 0 of an A, 1 of a B.</param>
    /// <param name="weights">w_1 and w_2.</param>
    public static TensorSet Of(TensorSet one, TensorSet other, IReadOnlyDictionary<string, int> rankDimensions, (double One, double Other) weights) =>
        new(one.Select(tensor => rankDimensions[tensor.Spec.Name] == 0
            ? Below(tensor, other[tensor.Spec.Name])
            : Beside(tensor, other[tensor.Spec.Name], weights)));

    private static NamedTensor Below(NamedTensor one, NamedTensor other) =>
        NamedTensor.FromFloats(one.Spec.Name, [one.Spec.Shape[0] + other.Spec.Shape[0], one.Spec.Shape[1]], [.. one.AsFloats(), .. other.AsFloats()]);

    private static NamedTensor Beside(NamedTensor one, NamedTensor other, (double One, double Other) weights)
    {
        var (rows, rank) = (one.Spec.Shape[0], (int)one.Spec.Shape[1]);
        var left = one.AsFloats();
        var right = other.AsFloats();
        var values = new float[2 * left.Length];
        for (var i = 0; i < left.Length; i++)
        {
            var at = i + (i / rank * rank); // every row is as long again
            values[at] = (float)(weights.One * left[i]);
            values[at + rank] = (float)(weights.Other * right[i]);
        }

        return NamedTensor.FromFloats(one.Spec.Name, [rows, 2 * rank], values);
    }
}
