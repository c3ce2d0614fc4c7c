using CoMiGS.Aggregation;
using CoMiGS.Aggregation.FedAmole;
using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Training;
using CoMiGS.Transport;
using CoMiGS.Validation;

namespace CoMiGS.Federation.Methods;

/// <summary>
/// The device's side of <see cref="FedAmoleStrategy"/>: takes the experts that a plan assigns, trains them, and sends with them what the coordinator assigns by: for every layer the embedding of the
/// device's mean token, <c>P x</c>, and what every expert that it holds makes of it, <c>A_j x</c>. Every token counts the same, and there are none but the text's.
/// </summary>
/// <remarks>Nothing of the device's own stays from round to round but the optimizer's moments of what it goes on holding.</remarks>
public sealed class AssignedExperts : TrainingMethod
{
    private readonly BilevelTrainer _trainer;
    private readonly IReadOnlyList<(string Path, AmoleExperts Block)> _layers;
    private readonly MeanEmbeddings _embeddings;
    private IReadOnlyList<TensorSpec> _assigned = [];

    /// <summary>Puts assignment around a training.</summary>
    /// <param name="inner">The training; shares assigned experts.</param>
    /// <param name="model">Its model, with experts for the router kind Embedding.</param>
    /// <param name="trainer">Its trainer; takes the model's parameters anew with every other assignment.</param>
    /// <param name="text">The training split.</param>
    /// <param name="window">Tokens per window.</param>
    /// <param name="batch">Windows per forward pass.</param>
    /// <param name="options">What embeddings are measured on; the defaults if none are given.</param>
    /// <exception cref="ArgumentException">The options break a rule; all are listed. Or the model has no layers for assigned experts, or the text not a single window.</exception>
    public AssignedExperts(ILocalTraining inner, MoeModel model, BilevelTrainer trainer, ITokenSource text, int window, int batch, AssignedExpertsOptions? options = null)
        : base(inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(text);
        options ??= new AssignedExpertsOptions();
        OptionsCheck.ThrowIfInvalid(options, nameof(options));
        _trainer = trainer;
        _layers = model.AmoleLayers;
        if (_layers.Count == 0)
        {
            throw new ArgumentException("The model has no layers for assigned experts. Add experts with Router Embedding, beside the layers that TargetModules names.", nameof(model));
        }

        _embeddings = new MeanEmbeddings(model, text, window, batch, options);
        SharedParameters = Offered();
        Adapters = inner.Adapters;
    }

    /// <summary>An example of what the device can be assigned: as many experts as a token takes, and all else. The same at every check-in.</summary>
    public override IReadOnlyList<TensorSpec> SharedParameters { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<AdapterPair> Adapters { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Abilities => [.. base.Abilities, FedAmoleStrategy.Ability];

    /// <summary>Takes the experts that the plan names; all or, where a tensor is not as it should be, none.</summary>
    /// <inheritdoc/>
    public override string? Accept(RoundPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (Install(plan.Shared, Example()) is { } problem)
        {
            return problem;
        }

        _assigned = plan.Shared;
        return null;
    }

    /// <summary>Takes the experts that are there, for at the end of a run they may be others than those it holds, and their values; all or, where a tensor is not as it should be, nothing.</summary>
    /// <inheritdoc/>
    public override void Import(TensorSet parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (Install(parameters.Specs, WithoutEmbeddings(Example())) is { } problem)
        {
            throw new ArgumentException(problem, nameof(parameters));
        }

        var order = Inner.SharedParameters.Index().ToDictionary(own => own.Item.Name, own => own.Index, StringComparer.Ordinal);
        base.Import(new TensorSet(parameters.OrderBy(tensor => order[tensor.Spec.Name])));
    }

    /// <inheritdoc/>
    public override TensorSet Export()
    {
        var sent = base.Export().Concat(_embeddings.Measure()).ToDictionary(tensor => tensor.Spec.Name, StringComparer.Ordinal);
        return new TensorSet(_assigned.Select(spec => sent[spec.Name]));
    }

    /// <summary>Looks at everything before it changes anything.</summary>
    /// <param name="tensors">What the coordinator names.</param>
    /// <param name="example">What it would name, with other experts.</param>
    /// <returns>Why the experts cannot be taken; null when they are.</returns>
    private string? Install(IReadOnlyList<TensorSpec> tensors, DeviceShare example)
    {
        var ids = AssignedShare.Layers(tensors).ToDictionary(layer => layer.Layer, layer => layer.Ids, StringComparer.Ordinal);
        var missing = _layers.Select(layer => layer.Path).Except(ids.Keys).ToList();
        if (missing.Count > 0 || ids.Count > _layers.Count)
        {
            return $"The device has assigned experts beside {string.Join(", ", _layers.Select(layer => layer.Path))}, but the coordinator assigns some beside {(ids.Count == 0 ? "none" : string.Join(", ", ids.Keys))}. Use the same model and TargetModules on every device.";
        }

        if (SignatureDifference.Describe(ByName(tensors), ByName(AssignedShare.With(example, layer => ids[layer]).Tensors)) is { } difference)
        {
            return difference;
        }

        if (_layers.Any(layer => !layer.Block.Ids.SequenceEqual(ids[layer.Path])))
        {
            _trainer.Exchange(() =>
            {
                foreach (var (path, block) in _layers)
                {
                    block.Hold([.. ids[path]]);
                }
            });
        }

        return null;
    }

    private DeviceShare Example() => new("device", Samples, SharedParameters, Adapters);

    private static DeviceShare WithoutEmbeddings(DeviceShare share) => share with { Tensors = [.. share.Tensors.Where(spec => !spec.Name.EndsWith(ExpertName.Embedding, StringComparison.Ordinal))] };

    private static List<TensorSpec> ByName(IEnumerable<TensorSpec> tensors) => [.. tensors.OrderBy(spec => spec.Name, StringComparer.Ordinal)];

    private IReadOnlyList<TensorSpec> Offered() => [.. Inner.SharedParameters, .. _embeddings.Specs()];
}
