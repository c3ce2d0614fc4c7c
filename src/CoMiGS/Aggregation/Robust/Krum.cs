using CoMiGS.Transport;

namespace CoMiGS.Aggregation.Robust;

/// <summary>
/// Krum and Multi-Krum (Blanchard et al. 2017, arXiv 1703.02757): the update that is nearest to its <c>n - f - 2</c> nearest others, or the mean of the m best. A whole
/// update is trusted or not. All devices count the same; of equal ones the first by name is taken.
/// </summary>
public sealed class Krum : IAggregationStrategy
{
    private readonly int _liars;
    private readonly int _chosen;

    /// <summary>A strategy for one run.</summary>
    /// <param name="liars">f, how many devices may lie; a round has at least 2 f + 3.</param>
    /// <param name="chosen">m, of how many updates the mean is taken; 1 is Krum, more is Multi-Krum. At most <c>n - f</c> of a round's n are.</param>
    public Krum(int liars, int chosen = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(liars);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chosen);
        (_liars, _chosen) = (liars, chosen);
        Needs = new() { Updates = UpdateAccess.All, BearsLateUpdates = true, MinimumUpdates = (2 * liars) + 3 };
    }

    /// <inheritdoc/>
    public string Name => _chosen == 1 ? "Krum" : "MultiKrum";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; }

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MeanAggregation.Objection(Name, device);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new CollectedUpdates(updates =>
        {
            var scores = Scores(updates);
            var mean = new MeanAggregation(moment, _ => 1);
            foreach (var (device, update) in updates.Zip(scores).OrderBy(pair => pair.Second).Take(Math.Min(_chosen, updates.Count - _liars)).Select(pair => pair.First))
            {
                mean.Add(device, update);
            }

            return mean.Complete();
        });
    }

    private double[] Scores(IReadOnlyList<DeviceUpdate> updates)
    {
        var distances = new double[updates.Count, updates.Count];
        for (var i = 0; i < updates.Count; i++)
        {
            for (var j = i + 1; j < updates.Count; j++)
            {
                distances[i, j] = distances[j, i] = updates[i].Update.Tensors.Zip(updates[j].Update.Tensors, SquaredDistance).Sum();
            }
        }

        return [.. Enumerable.Range(0, updates.Count).Select(i =>
            Enumerable.Range(0, updates.Count).Where(j => j != i).Select(j => distances[i, j]).Order().Take(updates.Count - _liars - 2).Sum())];
    }

    private static double SquaredDistance(NamedTensor one, NamedTensor other)
    {
        var (a, b) = (one.AsFloats().ToArray(), other.AsFloats().ToArray());
        return a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum();
    }
}
