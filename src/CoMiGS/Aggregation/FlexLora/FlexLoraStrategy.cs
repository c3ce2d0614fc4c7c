using CoMiGS.Aggregation.LowRank;
using CoMiGS.Transport;

namespace CoMiGS.Aggregation.FlexLora;

/// <summary>
/// FlexLoRA (arXiv 2402.11505): the mean of the effective updates, <c>delta = sum_k p_k s_k B_k A_k = U S V^T</c>, of which a device of rank r gets
/// the best approximation that it can hold, <c>B = U_r S_r / s</c> and <c>A = V_r^T</c>. Devices may differ in rank and scale.
/// </summary>
/// <remarks>
/// Shared tensors that are no factors are averaged. The released code of the paper keeps the last device only, and mixes up two scales
/// (docs/fidelity.md, D2 and D8). Singular values are computed in double precision, in the order of the devices' names.
/// </remarks>
/// <param name="options">How devices are weighed; by samples if none are given.</param>
public sealed class FlexLoraStrategy(FlexLoraOptions? options = null) : IAggregationStrategy
{
    private readonly UpdateWeights _weights = (options ?? new FlexLoraOptions()).Weights;

    /// <inheritdoc/>
    public string Name => "FlexLora";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { Updates = UpdateAccess.All, MixedRanks = true, MixedScales = true, DeviceViews = true, BearsLateUpdates = true };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MixedRankState.Objection(Name, device);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new CollectedUpdates(updates => MixedRankState.Combine(updates, Weight, pair => Best(pair, moment, updates)));
    }

    /// <inheritdoc/>
    public TensorSet View(RunMoment moment, DeviceShare device) => MixedRankState.View(moment, device);

    private Factors Best(AdapterPair pair, RunMoment moment, IReadOnlyList<DeviceUpdate> updates)
    {
        var total = updates.Sum(update => (double)Weight(update.Update));
        var terms = updates.Select(update => (Weight(update.Update) / total, Factors.Effective(update, pair))).ToList();
        return LowRankSum.Best(terms, MixedRankState.Rank(pair, moment.Shared, terms.Select(term => term.Item2)));
    }

    private long Weight(ExpertUpdate update) => _weights == UpdateWeights.Samples ? update.Samples : 1;
}
