using CoMiGS.Transport;

namespace CoMiGS.Aggregation.Robust;

/// <summary>
/// Of every number by itself, the mean without the f largest and the f smallest (Yin et al. 2018, arXiv 1803.01498): stays among the honest values with up to f
/// lying devices. All devices count the same.
/// </summary>
public sealed class TrimmedMean : IAggregationStrategy
{
    private readonly int _liars;

    /// <summary>A strategy for one run.</summary>
    /// <param name="liars">f, how many devices may lie; a round has at least 2 f + 1.</param>
    public TrimmedMean(int liars)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(liars);
        _liars = liars;
        Needs = new() { Updates = UpdateAccess.All, BearsLateUpdates = true, MinimumUpdates = (2 * liars) + 1 };
    }

    /// <inheritdoc/>
    public string Name => "TrimmedMean";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; }

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MeanAggregation.Objection(Name, device);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment) => new CollectedUpdates(updates => Sorted.Combine(updates, Mean));

    private double Mean(ReadOnlySpan<float> sorted)
    {
        var sum = 0.0;
        var kept = sorted[_liars..^_liars];
        foreach (var value in kept)
        {
            sum += value;
        }

        return sum / kept.Length;
    }
}
