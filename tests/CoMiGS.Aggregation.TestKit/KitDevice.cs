using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Aggregation.TestKit;

/// <summary>A made-up device: two adapters of a rank, of which it shares what it is told to.</summary>
public sealed class KitDevice
{
    private static readonly (string Name, int Inputs, int Outputs)[] Layers = [("layer.one", 6, 5), ("layer.two", 4, 7)];

    /// <summary>A device.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rank">Rank of its adapters.</param>
    /// <param name="scale">Their scale.</param>
    /// <param name="factor">The only factor that it shares; none for both.</param>
    /// <param name="samples">Its sample count.</param>
    public KitDevice(string name, int rank, double scale, LoraFactor factor = LoraFactor.None, long samples = 10)
    {
        var tensors = Layers.SelectMany(layer => new (LoraFactor Factor, TensorSpec Spec)[]
        {
            (LoraFactor.A, Spec(layer.Name + ".lora_A", rank, layer.Inputs)),
            (LoraFactor.B, Spec(layer.Name + ".lora_B", layer.Outputs, rank)),
        });
        Share = new DeviceShare(
            name,
            samples,
            [.. tensors.Where(tensor => factor == LoraFactor.None || tensor.Factor == factor).Select(tensor => tensor.Spec)],
            [.. Layers.Select(layer => new AdapterPair(layer.Name + ".lora_A", layer.Name + ".lora_B", scale))]);
    }

    /// <summary>A device that shares something else.</summary>
    /// <param name="share">What it shares.</param>
    public KitDevice(DeviceShare share) => Share = share;

    /// <summary>What it shares.</summary>
    public DeviceShare Share { get; }

    /// <summary>A check-in of the device.</summary>
    /// <param name="ability">What it can do besides training.</param>
    public CheckIn CheckIn(string? ability = null) =>
        new("run", Share.Device, "base", Share.Tensors, Share.Samples, ProtocolVersion.Current) { Adapters = Share.Adapters, Abilities = ability is null ? [] : [ability] };

    /// <summary>An update with numbers between -1 and 1 that follow from a seed.</summary>
    /// <param name="seed">The seed.</param>
    public ExpertUpdate Random(long seed) => Update(new TensorSet(Share.Tensors.Select(spec =>
    {
        var random = new SeededRandom(new Seed(seed).For(spec.Name));
        return NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. Enumerable.Range(0, (int)spec.ElementCount).Select(_ => (float)((2 * random.NextDouble()) - 1))]);
    })));

    /// <summary>An update with given tensors.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="round">The round.</param>
    public ExpertUpdate Update(TensorSet tensors, int round = 1) =>
        new("run", round, Share.Device, 1, "base", Share.Samples, tensors, new Dictionary<string, double>());

    /// <summary>What tensors do to the model: <c>s B A</c> of every adapter whose factors are both there, and all other numbers as they are.</summary>
    /// <param name="tensors">Tensors of this device.</param>
    public IReadOnlyList<double> Effect(TensorSet tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return [.. Share.Adapters.SelectMany(pair => tensors.TryGet(pair.A, out var a) && tensors.TryGet(pair.B, out var b)
            ? Product(a, b).Select(value => value * pair.Scale)
            : tensors.Where(tensor => tensor.Spec.Name == pair.A || tensor.Spec.Name == pair.B).SelectMany(tensor => tensor.AsFloats().ToArray()).Select(value => (double)value))];
    }

    private static IEnumerable<double> Product(NamedTensor a, NamedTensor b)
    {
        var (down, up) = (a.AsFloats().ToArray(), b.AsFloats().ToArray());
        var (rank, inputs, outputs) = ((int)a.Spec.Shape[0], (int)a.Spec.Shape[1], (int)b.Spec.Shape[0]);
        return from i in Enumerable.Range(0, outputs)
               from j in Enumerable.Range(0, inputs)
               select Enumerable.Range(0, rank).Sum(k => (double)up[(i * rank) + k] * down[(k * inputs) + j]);
    }

    private static TensorSpec Spec(string name, long rows, long columns) => new(name, TensorType.Float32, [rows, columns]);
}
