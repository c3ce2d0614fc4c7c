using CoMiGS.Parameters;
using CoMiGS.Transport;
using CoMiGS.Validation;

namespace CoMiGS.Aggregation.FedAmole;

/// <summary>
/// FedAMoLE (arXiv 2411.19128). The coordinator keeps a shared expert, a token projection and E assigned experts for every adapted layer; in each round an assigned expert goes to the devices that
/// suit it best (<see cref="ExpertAssignment"/>), by the embeddings that devices send with their updates, and is averaged over those that held it. The rest is averaged over all devices.
/// </summary>
/// <remarks>
/// The coordinator sees which experts suit whom, and the embedding of every device's mean token. It needs devices composed with <c>UseFedAmole</c>. An expert that nobody
/// brings back in a round stays as it was.
/// </remarks>
public sealed class FedAmoleStrategy : IAggregationStrategy
{
    /// <summary>The ability that devices must have.</summary>
    public const string Ability = "assigned-experts";

    private const string Held = "held";

    private readonly FedAmoleOptions _options;
    private readonly AssignmentSize _size;

    /// <summary>A strategy for one run.</summary>
    /// <param name="options">How many experts go where; the defaults if none are given.</param>
    /// <exception cref="ArgumentException">The options break a rule; all are listed.</exception>
    public FedAmoleStrategy(FedAmoleOptions? options = null)
    {
        _options = options ?? new FedAmoleOptions();
        OptionsCheck.ThrowIfInvalid(_options, nameof(options));
        _size = new AssignmentSize(_options);
    }

    /// <inheritdoc/>
    public string Name => "FedAmole";

    /// <inheritdoc/>
    public AggregationNeeds Needs { get; } = new() { Updates = UpdateAccess.All, DeviceViews = true, Assigns = true, Ability = Ability };

    /// <inheritdoc/>
    public string? Objection(int devices) => _size.Objection(devices);

    /// <inheritdoc/>
    public string? Objection(DeviceShare device, DeviceShare? first)
    {
        ArgumentNullException.ThrowIfNull(device);
        var layers = AssignedShare.Layers(device.Tensors);
        var names = device.Tensors.Select(spec => spec.Name).ToHashSet(StringComparer.Ordinal);
        var taken = layers.Count == 0 ? 0 : layers.Max(layer => layer.Ids.Count);
        return layers.Count == 0 || layers.Any(layer => !names.Contains(ExpertName.OfToken(layer.Layer)) || layer.Ids.Any(id => !names.Contains(new ExpertName(layer.Layer, id, ExpertName.Embedding).ToString())))
            ? $"{Name} assigns experts, but among the {device.Tensors.Count} tensors that the device shares there are not, for every layer, experts and embeddings. Compose the device with UseFedAmole."
            : taken > _options.FewestPerDevice
                ? $"The device's tokens take {taken} assigned experts each, but it may be assigned as few as {_options.FewestPerDevice}. Use TopK 1 to {_options.FewestPerDevice} on the device, or a higher FewestPerDevice in FedAmole."
                : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<DeviceShare> Assign(RunMoment moment, IReadOnlyList<DeviceShare> devices)
    {
        ArgumentNullException.ThrowIfNull(moment);
        ArgumentNullException.ThrowIfNull(devices);
        List<string> names = [.. devices.Select(device => device.Device).Order(StringComparer.Ordinal)];
        var layers = devices.Count == 0 ? [] : AssignedShare.Layers(devices[0].Tensors);
        var assigned = layers.ToDictionary(layer => layer.Layer, layer => Assign(AffinityScores.Products(moment, layer.Layer, _options.Experts, names)), StringComparer.Ordinal);
        return [.. devices.Select(device => AssignedShare.With(device, layer => assigned[layer][names.IndexOf(device.Device)]))];
    }

    /// <inheritdoc/>
    public IAggregation Begin(RunMoment moment)
    {
        ArgumentNullException.ThrowIfNull(moment);
        return new CollectedUpdates(updates => Next(moment, updates));
    }

    /// <summary>The tensors that the device is assigned or, when the run is over, those that it was assigned last; no embeddings.</summary>
    /// <inheritdoc/>
    public TensorSet View(RunMoment moment, DeviceShare device)
    {
        ArgumentNullException.ThrowIfNull(moment);
        ArgumentNullException.ThrowIfNull(device);
        var share = moment.Round > moment.Rounds ? AssignedShare.With(device, layer => LastHeld(moment, device, layer)) : device;
        var dimensions = AdapterPairs.RankDimensions(share.Adapters);
        return new TensorSet(share.Tensors
            .Where(spec => !spec.Name.EndsWith(ExpertName.Embedding, StringComparison.Ordinal))
            .Select(spec => moment.Shared.TryGet(spec.Name, out var tensor) ? tensor : Fresh(spec, dimensions.GetValueOrDefault(spec.Name), moment.Seed)));
    }

    /// <summary>Experts choose devices; where the numbers do not allow that, as for a single device that joins late, devices choose experts.</summary>
    private IReadOnlyList<IReadOnlyList<int>> Assign(double[][] products)
    {
        var devices = products[0].Length;
        return _size.For(devices) is var (copies, fewest, most) && ExpertAssignment.Solve(AffinityScores.Of(products), copies, fewest, most) is { } solved
            ? solved
            : [.. Enumerable.Range(0, devices).Select(i => (IReadOnlyList<int>)[.. Enumerable.Range(0, products.Length).OrderByDescending(j => products[j][i]).Take(_options.FewestPerDevice).Order()])];
    }

    private TensorSet Next(RunMoment moment, IReadOnlyList<DeviceUpdate> updates)
    {
        var tensors = moment.Shared.ToDictionary(tensor => tensor.Spec.Name, StringComparer.Ordinal);
        foreach (var sent in updates.SelectMany(update => update.Update.Tensors.Select(tensor => (update.Device, Tensor: tensor))).GroupBy(sent => sent.Tensor.Spec.Name, StringComparer.Ordinal))
        {
            if (ExpertName.Parse(sent.Key) is null && sent.Key.EndsWith(ExpertName.Embedding, StringComparison.Ordinal))
            {
                foreach (var (device, tensor) in sent)
                {
                    Keep(NamedTensor.FromFloats(AffinityScores.StateName(device.Device, sent.Key), tensor.Spec.Shape.AsSpan(), tensor.AsFloats()));
                }
            }
            else
            {
                Keep(Mean([.. sent]));
            }
        }

        foreach (var (device, layer) in updates.SelectMany(update => AssignedShare.Layers(update.Update.Tensors.Specs).Select(layer => (update.Device, layer))))
        {
            Keep(NamedTensor.FromFloats(AffinityScores.StateName(device.Device, $"{layer.Layer}.{Held}"), [layer.Ids.Count], [.. layer.Ids.Select(id => (float)id)]));
        }

        return new TensorSet(tensors.Values.OrderBy(tensor => tensor.Spec.Name, StringComparer.Ordinal));

        void Keep(NamedTensor tensor) => tensors[tensor.Spec.Name] = tensor;
    }

    private NamedTensor Mean(IReadOnlyList<(DeviceShare Device, NamedTensor Tensor)> sent)
    {
        var spec = sent[0].Tensor.Spec;
        var sum = new FixedPointSum(checked((int)spec.ElementCount));
        var all = 0L;
        foreach (var (device, tensor) in sent)
        {
            var weight = _options.Weights == UpdateWeights.Samples ? device.Samples : 1;
            sum.TryAdd(tensor.AsFloats(), weight); // collected updates were checked
            all += weight;
        }

        return sum.Mean(spec, all);
    }

    private static IEnumerable<int> LastHeld(RunMoment moment, DeviceShare device, string layer) =>
        moment.Shared.TryGet(AffinityScores.StateName(device.Device, $"{layer}.{Held}"), out var held)
            ? held.AsFloats().ToArray().Select(id => (int)id)
            : AssignedShare.Layers(device.Tensors).Single(own => own.Layer == layer).Ids;

    /// <summary>What a device draws from the seed: A at random, B zero.</summary>
    private static NamedTensor Fresh(TensorSpec spec, int rankDimension, long seed) => NamedTensor.FromFloats(
        spec.Name,
        spec.Shape.AsSpan(),
        rankDimension == 0 ? ParameterInit.KaimingUniform(spec.Shape[1]).Draw(spec.ElementCount, new Seed(seed).For(spec.Name)) : new float[spec.ElementCount]);
}
