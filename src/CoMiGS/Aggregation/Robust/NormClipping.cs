using CoMiGS.Aggregation.LowRank;
using CoMiGS.Transport;

namespace CoMiGS.Aggregation.Robust;

/// <summary>
/// The mean of updates that are shortened to a largest length, <c>theta_t + mean(delta_i min(1, C / ||delta_i||))</c> with <c>delta_i = theta_i - theta_t</c> over all
/// shared tensors together (Sun et al. 2019, arXiv 1911.07963): no device moves the mean by more than its share of C, which is C / n where all count the same.
/// </summary>
/// <remarks>Exact sums of the shortened updates: their order does not change a bit. Memory is that of two models.</remarks>
/// <param name="norm">C, the largest length.</param>
/// <param name="weights">How much a device counts; the same for all unless said otherwise, since a liar chooses its sample count.</param>
public sealed class NormClipping(double norm, UpdateWeights weights = UpdateWeights.Uniform) : IAggregationStrategy
{
    private readonly double _norm = norm > 0 ? norm : throw new ArgumentOutOfRangeException(nameof(norm), norm, "The largest length of an update is a positive number.");

    /// <inheritdoc/>
    public string Name => "NormClipping";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { Updates = UpdateAccess.Each };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MeanAggregation.Objection(Name, device) ?? FreshAdapters.Objection(Name, device);

    /// <inheritdoc/>
    public TensorSet Start(DeviceShare first, long seed) => FreshAdapters.Draw(first, seed);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new Clipped(new MeanAggregation(moment, update => weights == UpdateWeights.Samples ? update.Samples : 1), moment.Shared, _norm);
    }

    private sealed class Clipped(IAggregation mean, TensorSet current, double norm) : IAggregation
    {
        public int Count => mean.Count;

        public TensorSet Complete() => mean.Complete();

        public void Add(DeviceShare device, ExpertUpdate update)
        {
            var length = Math.Sqrt(update.Tensors.Zip(current, (to, from) => Differences(to, from).Sum(d => d * d)).Sum());
            mean.Add(device, length > norm ? update with { Tensors = Shortened(update.Tensors, norm / length) } : update); // NaN goes on to the mean, which refuses it
        }

        private TensorSet Shortened(TensorSet tensors, double factor) => new(tensors.Zip(current, (to, from) =>
        {
            var start = from.AsFloats().ToArray();
            return NamedTensor.FromFloats(to.Spec.Name, to.Spec.Shape.AsSpan(), [.. Differences(to, from).Select((d, i) => (float)(start[i] + (d * factor)))]);
        }));

        private static IEnumerable<double> Differences(NamedTensor to, NamedTensor from) =>
            to.AsFloats().ToArray().Zip(from.AsFloats().ToArray(), (x, y) => (double)x - y);
    }
}
