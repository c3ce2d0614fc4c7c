using CoMiGS.Transport;

namespace CoMiGS.Tests.Federation;

/// <summary>Messages as well-behaved devices send them; the tests spoil them with <c>with</c>.</summary>
internal static class Sent
{
    public static readonly TensorSpec[] Shared = [new("generalist", TensorType.Float32, [2]), new("attention", TensorType.Float32, [1])];

    public static CheckIn CheckIn(string device, long samples = 10) => new("run", device, "base", Shared, samples, ProtocolVersion.Current);

    public static ExpertUpdate Update(string device, int round = 1, float value = 1, long samples = 10, int attempt = 1) =>
        new("run", round, device, attempt, "base", samples, Tensors(value, value + 1, -value), new Dictionary<string, double> { ["loss"] = value });

    public static TensorSet Tensors(float first, float second, float third) =>
        new([NamedTensor.FromFloats("generalist", [2], [first, second]), NamedTensor.FromFloats("attention", [1], [third])]);

    public static float[] Floats(TensorSet tensors) => [.. tensors.SelectMany(tensor => tensor.AsFloats().ToArray())];
}
