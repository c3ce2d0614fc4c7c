using CoMiGS.Aggregation;
using CoMiGS.Experts;
using CoMiGS.Models;
using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS.Bench.Strategies;

/// <summary>Devices that share the generalist and the attention adapters of a GPT-2-small, with random numbers in them.</summary>
internal static class Devices
{
    private const double Spread = 0.02;

    /// <summary>Updates of several devices.</summary>
    /// <param name="count">How many devices.</param>
    /// <param name="smoke">A tiny model.</param>
    /// <param name="factor">The only factor that is shared; none for both.</param>
    public static IReadOnlyList<DeviceUpdate> Updates(int count, bool smoke, LoraFactor factor)
    {
        // The vocabulary has no adapter, so a small one does.
        using var model = new Gpt(smoke ? new() { VocabularySize = 8, BlockSize = 8, Layers = 2, Heads = 2, Width = 32 } : new() { VocabularySize = 8, BlockSize = 8 })
            .AddExperts(new ExpertOptions { Scaling = LoraScaling.Classic });
        List<NamedParameter> shared = [.. model.SharedParameters().Where(parameter => factor == LoraFactor.None || parameter.Factor == factor)];
        List<AdapterPair> pairs =
        [
            .. model.SharedParameters().Where(parameter => parameter.Factor == LoraFactor.A)
                .Select(a => new AdapterPair(a.Name, a.Name.Replace("lora_A", "lora_B", StringComparison.Ordinal), a.Pair!.Scale)),
        ];
        return [.. Enumerable.Range(0, count).Select(device => Update($"device {device}", shared, pairs))];
    }

    /// <summary>Updates of several devices, each with the experts that the strategy assigns it beside the attention's projections.</summary>
    /// <param name="strategy">Who assigns.</param>
    /// <param name="count">How many devices.</param>
    /// <param name="smoke">A tiny model.</param>
    public static IReadOnlyList<DeviceUpdate> Assigned(IAggregationStrategy strategy, int count, bool smoke)
    {
        const int rank = 8;
        var (layers, width) = smoke ? (2, 32) : (12, 768);
        var specs = new List<TensorSpec>();
        var pairs = new List<AdapterPair>();
        foreach (var layer in Enumerable.Range(0, layers).Select(i => $"h.{i}.attn.c_attn"))
        {
            Add($"{layer}.router.projection", rank, width);
            Add($"{layer}.router.embedding", rank);
            Add($"{layer}.experts.0.embedding", rank);
            foreach (var expert in new[] { $"{layer}.shared", $"{layer}.experts.0" })
            {
                Add($"{expert}.lora_A", rank, width);
                Add($"{expert}.lora_B", 3 * width, rank);
                pairs.Add(new($"{expert}.lora_A", $"{expert}.lora_B", Scale: 2));
            }
        }

        var devices = Enumerable.Range(0, count).Select(device => new DeviceShare($"device {device}", 100, specs, pairs)).ToList();
        return [.. strategy.Assign(new(1, 1, 1, devices[0], strategy.Start(devices[0], 1)), devices).Select(Update)];

        void Add(string name, params long[] shape) => specs.Add(new(name, TensorType.Float32, [.. shape]));
    }

    private static DeviceUpdate Update(string device, List<NamedParameter> shared, List<AdapterPair> pairs) =>
        Update(new(device, 100, [.. shared.Select(parameter => new TensorSpec(parameter.Name, TensorType.Float32, [.. parameter.Value.shape]))], pairs));

    private static DeviceUpdate Update(DeviceShare device)
    {
        var random = new SeededRandom(new Seed(1).For(device.Device));
        var tensors = new TensorSet(device.Tensors.Select(spec =>
            NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. Enumerable.Range(0, (int)spec.ElementCount).Select(_ => (float)(Spread * random.NextNormal()))])));
        return new(device, new ExpertUpdate("run", 1, device.Device, 1, "base", 100, tensors, new Dictionary<string, double>()));
    }
}
