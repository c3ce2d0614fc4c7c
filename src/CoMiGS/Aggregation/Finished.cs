using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>Another aggregation, with something done to its result.</summary>
internal sealed class Finished(IAggregation inner, Func<TensorSet, TensorSet> finish) : IAggregation
{
    public int Count => inner.Count;

    public void Add(DeviceShare device, ExpertUpdate update) => inner.Add(device, update);

    public TensorSet Complete() => finish(inner.Complete());
}
