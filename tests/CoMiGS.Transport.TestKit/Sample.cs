namespace CoMiGS.Transport.TestKit;

/// <summary>Messages with something in every field.</summary>
public static class Sample
{
    /// <summary>A check-in of two shared tensors.</summary>
    /// <param name="device">Who sends it.</param>
    public static CheckIn CheckIn(string device) =>
        new("run", device, "base", [new("h.0.lora_A", TensorType.Float32, [8, 64]), new("scale", TensorType.Float32, [])], 1234, ProtocolVersion.Current);

    /// <summary>A plan with a deadline.</summary>
    public static RoundPlan Plan { get; } = new(
        "run", 3, 20, 2, -42, 10, CheckIn("any").Shared, "base", new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero).AddTicks(7));

    /// <summary>An update with these tensors.</summary>
    /// <param name="device">Who sends it.</param>
    /// <param name="tensors">What it trained.</param>
    /// <param name="attempt">Which attempt.</param>
    public static ExpertUpdate Update(string device, TensorSet tensors, int attempt = 1) =>
        new("run", 3, device, attempt, "base", 1234, tensors, new Dictionary<string, double> { ["loss"] = Math.PI, ["tokens"] = double.MaxValue });

    /// <summary>One tensor of so many bytes, every bit of which depends on <paramref name="seed"/>; no float arithmetic touches them.</summary>
    /// <param name="bytes">A multiple of 4.</param>
    /// <param name="seed">Other numbers for every seed.</param>
    public static TensorSet Tensors(int bytes, int seed)
    {
        var data = new byte[bytes];
        new Random(seed).NextBytes(data);
        return new TensorSet([new NamedTensor(new TensorSpec("generalist", TensorType.Float32, [bytes / sizeof(float)]), data)]);
    }
}
