using CoMiGS.Aggregation;
using CoMiGS.Experts;
using CoMiGS.Parameters;
using CoMiGS.Transport;

namespace CoMiGS;

/// <summary>What a device will share in small, before there is a model: one adapter of each role with the ranks and scales of its options, so that a strategy can object to it at start-up.</summary>
internal static class ExampleShare
{
    private const int Width = 1 << 16; // as wide as the highest rank

    /// <param name="device">The device.</param>
    /// <param name="experts">Its experts.</param>
    public static DeviceShare Of(DeviceBuilder device, ExpertOptions experts)
    {
        (ParameterRole Role, string Name, int Rank)[] adapters = [(ParameterRole.Generalist, "generalist", experts.Generalists > 0 ? experts.Rank : 0), (ParameterRole.Attention, "attention", experts.AttentionRank)];
        var shared = adapters.Where(adapter => adapter.Rank > 0 && device.Roles.Contains(adapter.Role)).ToList();
        return new(
            device.Name,
            1,
            [.. shared.SelectMany(adapter => Factors(adapter.Name, adapter.Rank, device.Roles.Factor)), .. device.Roles.Contains(ParameterRole.Router) ? [Tensor("router", 1, Width)] : Array.Empty<TensorSpec>()],
            [.. shared.Select(adapter => new AdapterPair(Name(adapter.Name, 'A'), Name(adapter.Name, 'B'), new LoraConfig(adapter.Rank, experts.Alpha, experts.Scaling).Factor))]);
    }

    private static IEnumerable<TensorSpec> Factors(string adapter, int rank, LoraFactor only) =>
    [
        .. only == LoraFactor.B ? Array.Empty<TensorSpec>() : [Tensor(Name(adapter, 'A'), rank, Width)],
        .. only == LoraFactor.A ? Array.Empty<TensorSpec>() : [Tensor(Name(adapter, 'B'), Width, rank)],
    ];

    private static string Name(string adapter, char factor) => $"{adapter}.lora_{factor}";

    private static TensorSpec Tensor(string name, int rows, int columns) => new(name, TensorType.Float32, [rows, columns]);
}
