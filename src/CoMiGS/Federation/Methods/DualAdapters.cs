using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FdLora;
using CoMiGS.Layers;
using CoMiGS.Parameters;
using CoMiGS.Training;
using CoMiGS.Transport;
using CoMiGS.Validation;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Federation.Methods;

/// <summary>
/// FDLoRA on a device (arXiv 2406.07925): a personal and a global adapter beside every adapted map, each of half the rank that the model's adapters have. The first half of the rank is
/// trained and sent; in the first round of a run that is the personal adapter, afterwards the global one. The second half is zero, and so are its gradients, until a download comes
/// outside of a round, which is the last one: then weights are searched for on a few batches, and the model holds <c>W + w_1 s B_1 A_1 + w_2 s B_2 A_2</c>.
/// </summary>
public sealed class DualAdapters : TrainingMethod
{
    private const string Note = "fdlora.personal";
    private readonly BilevelTrainer _trainer;
    private readonly Func<double> _loss;
    private readonly DualAdapterOptions _options;
    private readonly IReadOnlyDictionary<string, int> _rankDimensions;
    private readonly List<Tensor> _personal;
    private RoundPlan? _round;

    /// <summary>Puts two adapters into the place of one.</summary>
    /// <param name="inner">The training; shares whole adapters of even rank, and nothing that is trained stays private.</param>
    /// <param name="model">Its model.</param>
    /// <param name="trainer">Its trainer; the personal adapter is saved with its state.</param>
    /// <param name="loss">The loss on the auxiliary batches of the model as it is at that moment.</param>
    /// <param name="options">When the personal adapter follows, and how weights are searched for; the defaults if none are given.</param>
    /// <exception cref="ArgumentException">The options break a rule, or the adapters cannot be divided; all reasons are listed.</exception>
    public DualAdapters(ILocalTraining inner, MoeModel model, BilevelTrainer trainer, Func<double> loss, DualAdapterOptions? options = null)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(loss);
        _options = options ?? new DualAdapterOptions();
        OptionsCheck.ThrowIfInvalid(_options, nameof(options));
        _rankDimensions = AdapterPairs.RankDimensions(inner.Adapters);
        var violations = Violations(inner.SharedParameters, model.Parameters).ToList();
        if (violations.Count > 0)
        {
            throw new ArgumentException($"FDLoRA cannot divide the adapters of this device:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", violations)}", nameof(inner));
        }

        (_trainer, _loss) = (trainer, loss);
        SharedParameters = [.. inner.SharedParameters.Select(Half)];
        _personal = [.. SharedParameters.Select(spec => zeros([.. spec.Shape]).DetachFromDisposeScope())];
        foreach (var (spec, tensor) in SharedParameters.Zip(_personal))
        {
            trainer.KeepWithState($"{spec.Name}.personal", tensor);
        }
    }

    /// <summary>The global half.</summary>
    /// <inheritdoc/>
    public override IReadOnlyList<TensorSpec> SharedParameters { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Abilities => [.. base.Abilities, FdLoraStrategy.Ability];

    /// <summary>The weights of the global and the personal adapter, as of the last fusion; null before it.</summary>
    public (double Global, double Personal)? Weights { get; private set; }

    /// <summary>The personal adapter, in the shapes of <see cref="SharedParameters"/>; null before the device has one.</summary>
    public TensorSet? Personal => _trainer.Notes.ContainsKey(Note) ? new(SharedParameters.Zip(_personal, (spec, tensor) => TensorTransfer.Read(spec.Name, tensor))) : null;

    /// <inheritdoc/>
    public override bool GoesOn(RoundPlan plan)
    {
        _round = plan;
        return base.GoesOn(plan);
    }

    /// <summary>A device that joins a run later has had no first round: what it downloads is its personal adapter, too.</summary>
    /// <inheritdoc/>
    public override void StartsFrom(RoundPlan plan, TensorSet? parameters)
    {
        ArgumentNullException.ThrowIfNull(plan);
        base.StartsFrom(plan, parameters is null ? null : Alone(parameters));
        if (parameters is not null && plan.Round > 1 && Personal is null)
        {
            Keep(parameters);
        }
    }

    /// <inheritdoc/>
    public override void InitialiseShared(long seed)
    {
        base.InitialiseShared(seed);
        base.Import(Alone(Export()));
    }

    /// <summary>Within a round takes the global adapter to train it; otherwise fuses it with the personal one.</summary>
    /// <inheritdoc/>
    public override void Import(TensorSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (SignatureDifference.Describe(SharedParameters, parameters.Specs) is { } difference)
        {
            throw new ArgumentException(difference, nameof(parameters));
        }

        if (_round is null && Personal is { } personal)
        {
            Fuse(parameters, personal);
        }
        else
        {
            base.Import(Alone(parameters));
        }
    }

    /// <inheritdoc/>
    public override TensorSet Export() => RankCut.InShapes(base.Export(), SharedParameters);

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, double> Train(int steps, int horizon, CancellationToken cancellationToken)
    {
        var plan = _round;
        _round = null; // also when it is left: a round that goes on says so
        var metrics = base.Train(steps, horizon, cancellationToken);
        if (plan is not null && (plan.Round - 1) % _options.SyncEvery == 0) // the first round, too
        {
            Keep(Export());
            _trainer.SaveKeptState();
        }

        return metrics;
    }

    private void Fuse(TensorSet global, TensorSet personal)
    {
        var (best, _) = BoxSearch.Minimise(
            weights =>
            {
                Hold(weights);
                return _loss() + (_options.WeightPenalty * weights.Average(Math.Abs));
            },
            [[1, 0], [0, 1], [0.5, 0.5]],
            _options.LargestWeight,
            _options.Budget,
            _options.Seed);
        Hold(best);
        Weights = (best[0], best[1]);

        void Hold(IReadOnlyList<double> weights) => base.Import(AdapterFusion.Of(global, personal, _rankDimensions, (weights[0], weights[1])));
    }

    private void Keep(TensorSet adapter)
    {
        foreach (var (source, target) in adapter.Zip(_personal))
        {
            TensorTransfer.Write(source, target);
        }

        _trainer.Notes[Note] = "kept";
    }

    /// <summary>In the first half of the rank, beside zeros.</summary>
    private TensorSet Alone(TensorSet half) => RankCut.InShapes(half, base.SharedParameters);

    private TensorSpec Half(TensorSpec spec)
    {
        var dimension = _rankDimensions[spec.Name];
        return new(spec.Name, spec.Type, spec.Shape.SetItem(dimension, spec.Shape[dimension] / 2));
    }

    private IEnumerable<string> Violations(IReadOnlyList<TensorSpec> shared, IReadOnlyList<NamedParameter> trained)
    {
        var names = shared.Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal);
        var alone = trained.Where(parameter => !names.Contains(parameter.Name)).ToList();
        if (alone.Count > 0)
        {
            yield return $"It trains {alone.Count} tensors that it does not share, the first of them {alone[0].Name} ({alone[0].Role}). Its personal part is half of what is shared: "
                + "use Specialists(0), a router of plain means (UseRouter(r => r.Mean())), and share both factors of generalists and attention adapters.";
        }

        foreach (var spec in shared)
        {
            if (!_rankDimensions.TryGetValue(spec.Name, out var dimension))
            {
                yield return $"{spec} is no factor of an adapter. Share adapters alone, as SharedRoles.Default does.";
            }
            else if (spec.Shape[dimension] % 2 != 0)
            {
                yield return $"{spec} has rank {spec.Shape[dimension]}, which is odd. Use an even rank: one half is the global adapter, the other the personal one.";
            }
        }
    }
}
