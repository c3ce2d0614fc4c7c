using CoMiGS.Aggregation.LowRank;
using CoMiGS.Transport;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CoMiGS.Aggregation.HetLora;

/// <summary>
/// HetLoRA (arXiv 2401.06432): factors of lower rank are filled up with zeros and averaged, each adapter weighted by the norm of its update; a device of
/// rank r gets the first r rows of A and columns of B. Ranks may fall from round to round (<c>SelfPruning</c> on the device).
/// </summary>
/// <remarks>Shared tensors that are no factors are averaged by sample counts. B travels at the device's scale and is averaged at scale 1.</remarks>
/// <param name="options">Weights and divisor; the defaults if none are given.</param>
public sealed class HetLoraStrategy(HetLoraOptions? options = null) : IAggregationStrategy
{
    private readonly HetLoraOptions _options = options ?? new HetLoraOptions();

    /// <inheritdoc/>
    public string Name => "HetLora";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { Updates = UpdateAccess.All, MixedRanks = true, MixedScales = true, FallingRanks = true, DeviceViews = true };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first) => MixedRankState.Objection(Name, device);

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new CollectedUpdates(updates => MixedRankState.Combine(updates, OtherWeight, pair => Mean(pair, moment, updates)));
    }

    /// <inheritdoc/>
    public TensorSet View(RunMoment moment, DeviceShare device) => MixedRankState.View(moment, device);

    private Factors Mean(AdapterPair pair, RunMoment moment, IReadOnlyList<DeviceUpdate> updates)
    {
        var terms = updates.Select(update => Factors.Effective(update, pair)).ToList();
        var weights = Weights(updates, terms);
        var rank = MixedRankState.Rank(pair, moment.Shared, terms);
        var (a, b) = (new DenseMatrix(rank, terms[0].A.ColumnCount), new DenseMatrix(terms[0].B.RowCount, rank));
        var all = weights.Sum();
        for (var row = 0; row < rank; row++)
        {
            var owners = Enumerable.Range(0, terms.Count).Where(k => row < terms[k].Rank).ToList();
            if (owners.Count == 0)
            {
                Keep(moment.Shared, pair, row, a, b);
                continue;
            }

            var divisor = _options.Divisor == HetLoraDivisor.AllDevices ? all : owners.Sum(k => weights[k]);
            a.SetRow(row, owners.Select(k => terms[k].A.Row(row) * (weights[k] / divisor)).Aggregate((sum, next) => sum + next));
            b.SetColumn(row, owners.Select(k => terms[k].B.Column(row) * (weights[k] / divisor)).Aggregate((sum, next) => sum + next));
        }

        return new(a, b);
    }

    /// <summary>A rank that no device has trained: divided by owners it stays as it was; divided by all, B's column is zero and A's row stays, because a pair of zeros has no gradient and would be lost for good.</summary>
    private void Keep(TensorSet shared, AdapterPair pair, int row, DenseMatrix a, DenseMatrix b)
    {
        var kept = Factors.Read(shared, pair, 1);
        a.SetRow(row, kept.A.Row(row));
        if (_options.Divisor == HetLoraDivisor.Owners)
        {
            b.SetColumn(row, kept.B.Column(row));
        }
    }

    private double[] Weights(IReadOnlyList<DeviceUpdate> updates, List<Factors> terms)
    {
        double[] weights = [.. updates.Zip(terms, (update, factors) => _options.Weights switch
        {
            HetLoraWeights.NormOfProduct => ProductNorm(factors),
            HetLoraWeights.Samples => update.Update.Samples,
            _ => 1,
        })];
        return weights.All(weight => weight > 0) ? weights : weights.Sum() > 0 ? Owned(weights) : [.. weights.Select(_ => 1.0)];
    }

    /// <summary>A device whose update is zero counts next to nothing, but not nothing: rows that it alone has must be divided by something.</summary>
    private static double[] Owned(double[] weights)
    {
        var least = weights.Max() * 1e-12;
        return [.. weights.Select(weight => Math.Max(weight, least))];
    }

    /// <summary><c>||B A||_F</c> without the product: its square is <c>tr((B^T B)(A A^T))</c>, of two r x r matrices.</summary>
    private static double ProductNorm(Factors factors) =>
        Math.Sqrt(Math.Max(0, factors.B.TransposeThisAndMultiply(factors.B).PointwiseMultiply(factors.A.TransposeAndMultiply(factors.A)).Enumerate().Sum()));

    private static long OtherWeight(ExpertUpdate update) => update.Samples;
}
