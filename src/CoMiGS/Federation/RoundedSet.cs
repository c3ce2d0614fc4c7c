using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>Shared parameters rounded for the way to the devices, once for each version, so that all of them get the same bytes.</summary>
internal sealed class RoundedSet
{
    private TensorSet? _of;
    private TensorSet _rounded = TensorSet.Empty;

    /// <returns>The set in that type; as it is when a number is not finite.</returns>
    public TensorSet Of(TensorSet tensors, TensorType type)
    {
        if (_of != tensors)
        {
            var finite = tensors.All(tensor => AggregationLimits.FirstBeyond(tensor.AsFloats(), float.MaxValue) < 0);
            (_of, _rounded) = (tensors, finite ? tensors.As(type) : tensors);
        }

        return _rounded;
    }
}
