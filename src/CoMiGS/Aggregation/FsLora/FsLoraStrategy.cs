using CoMiGS.Aggregation.LowRank;
using CoMiGS.Aggregation.ServerOptimizer;
using CoMiGS.Transport;
using CoMiGS.Validation;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CoMiGS.Aggregation.FsLora;

/// <summary>
/// Federated sketching LoRA (arXiv 2501.19389). The coordinator keeps adapters of rank r; a device of rank k gets, trains and sends k random rows of A and columns
/// of B, others in every round: <c>W + s B S A</c> with a sketch S of which <c>E[S] = I</c> (<see cref="Sketch"/>). The mean way of the devices, divided by their number and not by how many had
/// a row, is the coordinator's gradient.
/// </summary>
/// <remarks>
/// The sketch's factor <c>r / k</c> is in the device's scale: with <c>alpha / k</c> on the device and <c>alpha / r</c> at the coordinator, <c>s r / k</c> is what the device has anyway. So it trains an ordinary adapter of rank k, and
/// its steps are exact with any optimizer (the released code's are with SGD alone, and its sketch is never applied; docs/strategies.md). At the end of the run a device gets the best
/// approximation of rank k.
/// </remarks>
public sealed class FsLoraStrategy : IAggregationStrategy
{
    /// <summary>The ability that devices must have: they get other rows in every round, which the optimizer's moments of the last one have nothing to do with.</summary>
    public const string Ability = "fresh-moments";

    private readonly FsLoraOptions _options;
    private readonly ServerStep _step;

    /// <summary>A strategy for one run.</summary>
    /// <param name="options">The coordinator's rank and optimizer; the defaults if none are given.</param>
    /// <exception cref="ArgumentException">The options break a rule; all are listed.</exception>
    public FsLoraStrategy(FsLoraOptions? options = null)
    {
        _options = options ?? new FsLoraOptions();
        OptionsCheck.ThrowIfInvalid(_options, nameof(options));
        _step = _options.Server == FsLoraServer.Sgd
            ? new ServerStep(ServerMethod.Momentum, new ServerOptimizerOptions { Beta1 = 0, LearningRate = _options.LearningRate ?? 1 })
            : new ServerStep(ServerMethod.Adam, new ServerOptimizerOptions { LearningRate = _options.LearningRate ?? 0.001, Beta2 = 0.999, Tau = 1e-8 }, corrected: true);
    }

    /// <inheritdoc/>
    public string Name => "FsLora";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { Updates = UpdateAccess.All, MixedRanks = true, DeviceViews = true, Ability = Ability };

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first)
    {
        ArgumentNullException.ThrowIfNull(device);
        var unfit = MixedRankState.Objection(Name, device) ?? FreshAdapters.Objection(Name, device);
        var highest = unfit is null ? AdapterPairs.HighestRank(device.Tensors, device.Adapters) : 0;
        return unfit
            ?? (highest > _options.Rank ? $"The device has rank {highest}, but the coordinator's adapters have {_options.Rank}. Use rank 1 to {_options.Rank} on the device, or a higher Rank in FsLora." : null)
            ?? (first is null ? null : ScaleObjection(device, first));
    }

    /// <inheritdoc/>
    public TensorSet Start(DeviceShare first, long seed)
    {
        ArgumentNullException.ThrowIfNull(first);
        var dimensions = AdapterPairs.RankDimensions(first.Adapters);
        return FreshAdapters.Draw(first with { Tensors = [.. first.Tensors.Select(spec => new TensorSpec(spec.Name, spec.Type, spec.Shape.SetItem(dimensions[spec.Name], _options.Rank)))] }, seed);
    }

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new CollectedUpdates(updates => new TensorSet(moment.First.Adapters.SelectMany(pair => Next(pair, moment, updates))));
    }

    /// <inheritdoc/>
    public TensorSet View(RunMoment moment, DeviceShare device)
    {
        ArgumentNullException.ThrowIfNull(moment);
        ArgumentNullException.ThrowIfNull(device);
        var ranks = device.Tensors.ToDictionary(spec => spec.Name, spec => (int)spec.Shape[0], StringComparer.Ordinal);
        var tensors = device.Adapters.SelectMany(pair => View(pair, ranks[pair.A], moment, device.Device)).ToDictionary(tensor => tensor.Spec.Name, StringComparer.Ordinal);
        return new TensorSet(device.Tensors.Select(spec => tensors[spec.Name]));
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> SaveState() => _step.Save();

    /// <inheritdoc/>
    public void RestoreState(ReadOnlyMemory<byte> state) => _step.Restore(state);

    private static IEnumerable<NamedTensor> View(AdapterPair pair, int kept, RunMoment moment, string device)
    {
        var whole = Factors.Read(moment.Shared, pair, 1);
        if (moment.Round > moment.Rounds)
        {
            var scale = pair.Scale * kept / whole.Rank; // s of the coordinator
            return LowRankSum.Best([(scale, whole)], kept).OfRank(kept, pair.A, moment.Seed).Write(pair, pair.Scale); // a small matrix may have fewer
        }

        var positions = Sketch.Positions(moment.Seed, moment.Round, device, pair.A, whole.Rank, kept);
        var (a, b) = (new DenseMatrix(kept, whole.A.ColumnCount), new DenseMatrix(whole.B.RowCount, kept));
        for (var i = 0; i < kept; i++)
        {
            a.SetRow(i, whole.A.Row(positions[i]));
            b.SetColumn(i, whole.B.Column(positions[i]));
        }

        return new Factors(a, b).Write(pair, 1);
    }

    private IEnumerable<NamedTensor> Next(AdapterPair pair, RunMoment moment, IReadOnlyList<DeviceUpdate> updates)
    {
        var whole = Factors.Read(moment.Shared, pair, 1);
        var (wayOfA, wayOfB) = (new DenseMatrix(whole.Rank, whole.A.ColumnCount), new DenseMatrix(whole.B.RowCount, whole.Rank));
        foreach (var (device, update) in updates)
        {
            var trained = Factors.Read(update.Tensors, pair, 1);
            var positions = Sketch.Positions(moment.Seed, moment.Round, device.Device, pair.A, whole.Rank, trained.Rank);
            for (var i = 0; i < positions.Count; i++)
            {
                var at = positions[i];
                wayOfA.SetRow(at, wayOfA.Row(at) + ((trained.A.Row(i) - whole.A.Row(at)) / updates.Count));
                wayOfB.SetColumn(at, wayOfB.Column(at) + ((trained.B.Column(i) - whole.B.Column(at)) / updates.Count));
            }
        }

        return [Stepped(moment.Shared[pair.A], wayOfA), Stepped(moment.Shared[pair.B], wayOfB)];
    }

    private NamedTensor Stepped(NamedTensor current, DenseMatrix way) =>
        NamedTensor.FromFloats(current.Spec.Name, current.Spec.Shape.AsSpan(), _step.Next(current.Spec.Name, current.AsFloats().ToArray(), way.ToRowMajorArray()));

    private static string? ScaleObjection(DeviceShare device, DeviceShare first)
    {
        var (own, others) = (ScaleTimesRank(device), ScaleTimesRank(first));
        return own.Zip(others).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-9 * pair.Second)
            ? null
            : $"FsLora needs the same scale times rank on every device, which is {others[0]} in the run and {own[0]} here. Use the same Alpha with Scaling Classic (alpha / r) on every device.";
    }

    private static List<double> ScaleTimesRank(DeviceShare device)
    {
        var ranks = device.Tensors.ToDictionary(spec => spec.Name, spec => spec.Shape[0], StringComparer.Ordinal);
        return [.. device.Adapters.Select(pair => pair.Scale * ranks[pair.A])];
    }
}
