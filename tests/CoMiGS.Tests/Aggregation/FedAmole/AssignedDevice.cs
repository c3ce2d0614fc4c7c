using CoMiGS.Aggregation;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Aggregation.FedAmole;

/// <summary>What devices with assigned experts share, beside one layer.</summary>
internal static class AssignedDevice
{
    /// <summary>What a device shares.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="ids">Its experts.</param>
    /// <param name="rank">Their rank.</param>
    /// <param name="samples">Its sample count.</param>
    public static DeviceShare Share(string name, IReadOnlyList<int> ids, int rank = 2, long samples = 10) => new(
        name,
        samples,
        [
            Spec("layer.shared.c.lora_A", rank, 3), Spec("layer.shared.c.lora_B", 5, rank),
            .. ids.SelectMany(id => new[] { Spec($"layer.experts.{id}.c.lora_A", rank, 3), Spec($"layer.experts.{id}.c.lora_B", 5, rank) }),
            Spec("layer.router.projection", rank, 3),
            .. ids.Select(id => Spec($"layer.experts.{id}.embedding", rank)),
            Spec("layer.router.embedding", rank),
        ],
        [Pair("layer.shared.c"), .. ids.Select(id => Pair($"layer.experts.{id}.c"))]);

    /// <summary>An update in which every number of a tensor is the same.</summary>
    /// <param name="share">What the device shares.</param>
    /// <param name="value">The number, by the tensor's name.</param>
    public static ExpertUpdate Update(DeviceShare share, Func<string, float> value) =>
        new("run", 1, share.Device, 1, "base", share.Samples, new TensorSet(share.Tensors.Select(spec => Filled(spec, value(spec.Name)))), new Dictionary<string, double>());

    /// <summary>What a device checks in with.</summary>
    /// <param name="share">What it shares.</param>
    public static CheckIn CheckIn(DeviceShare share) => new("run", share.Device, "base", share.Tensors, share.Samples, ProtocolVersion.Current) { Adapters = share.Adapters, Abilities = ["assigned-experts"] };

    public static NamedTensor Filled(TensorSpec spec, float value) => NamedTensor.FromFloats(spec.Name, spec.Shape.AsSpan(), [.. Enumerable.Repeat(value, (int)spec.ElementCount)]);

    private static TensorSpec Spec(string name, params long[] shape) => new(name, TensorType.Float32, [.. shape]);

    private static AdapterPair Pair(string path) => new($"{path}.lora_A", $"{path}.lora_B", 2);
}
