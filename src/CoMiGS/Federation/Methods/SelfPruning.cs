using System.Globalization;
using CoMiGS.Aggregation;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Training;
using CoMiGS.Transport;
using CoMiGS.Validation;
using static TorchSharp.torch;

namespace CoMiGS.Federation.Methods;

/// <summary>
/// HetLoRA's self-pruning on a device (arXiv 2401.06432): a penalty keeps the last ranks of its shared adapters small, and where they end a round smaller than
/// they began it, they go. From then on they are zero, and neither sent nor downloaded.
/// </summary>
public sealed class SelfPruning : TrainingMethod
{
    private const string Note = "rank ";
    private const string Decided = "pruned in";
    private readonly BilevelTrainer _trainer;
    private readonly SelfPruningOptions _options;
    private readonly List<(AdapterPair Pair, NamedParameter A, NamedParameter B)> _adapters;
    private TensorSet? _start;
    private string _round = "";

    /// <summary>Puts pruning around a training.</summary>
    /// <param name="inner">The training.</param>
    /// <param name="model">Its model.</param>
    /// <param name="trainer">Its trainer; gets the penalty, and keeps what is pruned at zero. Ranks are saved with its state.</param>
    /// <param name="options">How much may go, and how hard it is pressed; the defaults if none are given.</param>
    /// <exception cref="ArgumentException">The options break a rule; all are listed.</exception>
    public SelfPruning(ILocalTraining inner, MoeModel model, BilevelTrainer trainer, SelfPruningOptions? options = null)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(trainer);
        _options = options ?? new SelfPruningOptions();
        OptionsCheck.ThrowIfInvalid(_options, nameof(options));
        _trainer = trainer;
        var parameters = model.Parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);
        _adapters = [.. inner.Adapters.Select(pair => (pair, parameters[pair.A], parameters[pair.B]))];
        trainer.Penalty = new TailPenalty(trainer.Penalty, () => _adapters.Select(adapter => (adapter.A, adapter.B, Rank(adapter.Pair))), _options.Keep, _options.Weight);
        trainer.AfterStep += ClearTails;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorSpec> SharedParameters => Cut(base.SharedParameters);

    /// <summary>The rank that every adapter has left, by the name of its A.</summary>
    public IReadOnlyDictionary<string, int> Ranks => _adapters.ToDictionary(adapter => adapter.Pair.A, adapter => Rank(adapter.Pair), StringComparer.Ordinal);

    /// <inheritdoc/>
    public override void StartsFrom(RoundPlan plan, TensorSet? parameters)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (_start, _round) = (parameters, $"{plan.Run} {plan.Round}");
        base.StartsFrom(plan, parameters is null ? null : RankCut.InShapes(parameters, base.SharedParameters));
    }

    /// <inheritdoc/>
    public override void InitialiseShared(long seed)
    {
        base.InitialiseShared(seed);
        ClearTails();
    }

    /// <inheritdoc/>
    public override void Import(TensorSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (SignatureDifference.Describe(SharedParameters, parameters.Specs) is { } difference)
        {
            throw new ArgumentException(difference, nameof(parameters));
        }

        base.Import(RankCut.InShapes(parameters, base.SharedParameters));
    }

    /// <inheritdoc/>
    public override TensorSet Export() => RankCut.InShapes(base.Export(), SharedParameters);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
    {
        var metrics = base.Train(steps, horizon, cancellationToken);
        if (_start is null)
        {
            return metrics; // every B began at zero, so no tail can have shrunk
        }

        if (_trainer.Notes.TryGetValue(Decided, out var decided) && decided == _round)
        {
            return metrics; // the round goes on, and nobody has pressed on the next tail
        }

        var ended = Export();
        foreach (var (pair, _, _) in _adapters)
        {
            var kept = TailPenalty.Kept(Rank(pair), _options.Keep);
            if (kept >= 1 && RankCut.TailNorm(ended, pair, kept) < RankCut.TailNorm(_start, pair, kept))
            {
                _trainer.Notes[Note + pair.A] = kept.ToString(CultureInfo.InvariantCulture);
            }
        }

        _trainer.Notes[Decided] = _round;
        ClearTails();
        _trainer.SaveKeptState();
        return metrics;
    }

    private int Rank(AdapterPair pair) =>
        _trainer.Notes.TryGetValue(Note + pair.A, out var rank)
            ? int.Parse(rank, CultureInfo.InvariantCulture)
            : (int)_adapters.First(adapter => adapter.Pair.A == pair.A).A.Value.shape[0];

    private IReadOnlyList<TensorSpec> Cut(IReadOnlyList<TensorSpec> specs)
    {
        var ranks = Ranks;
        var ofName = _adapters.SelectMany(adapter => new[] { adapter.Pair.A, adapter.Pair.B }.Select(name => (Name: name, Rank: ranks[adapter.Pair.A])))
            .ToDictionary(entry => entry.Name, entry => entry.Rank, StringComparer.Ordinal);
        var dimensions = AdapterPairs.RankDimensions(Adapters);
        return [.. specs.Select(spec => ofName.TryGetValue(spec.Name, out var rank) ? new TensorSpec(spec.Name, spec.Type, spec.Shape.SetItem(dimensions[spec.Name], rank)) : spec)];
    }

    /// <summary>AdamW's momentum would move them on.</summary>
    private void ClearTails()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (pair, a, b) in _adapters.Where(adapter => _trainer.Notes.ContainsKey(Note + adapter.Pair.A)))
        {
            var (kept, full) = (Rank(pair), a.Value.shape[0]);
            a.Value.narrow(0, kept, full - kept).zero_();
            b.Value.narrow(1, kept, full - kept).zero_();
        }
    }
}
