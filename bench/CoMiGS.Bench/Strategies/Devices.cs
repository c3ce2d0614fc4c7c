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

    private static DeviceUpdate Update(string device, List<NamedParameter> shared, List<AdapterPair> pairs)
    {
        var random = new SeededRandom(new Seed(1).For(device));
        var tensors = new TensorSet(shared.Select(parameter =>
            NamedTensor.FromFloats(parameter.Name, parameter.Value.shape, [.. Enumerable.Range(0, (int)parameter.Value.numel()).Select(_ => (float)(Spread * random.NextNormal()))])));
        return new(
            new DeviceShare(device, 100, tensors.Specs, pairs),
            new ExpertUpdate("run", 1, device, 1, "base", 100, tensors, new Dictionary<string, double>()));
    }
}
