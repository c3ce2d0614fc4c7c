namespace CoMiGS.Transport.Tests;

/// <summary>Messages of every kind for the spoiler to begin with, each with the number of its decoder.</summary>
internal static class GoodPayloads
{
    private static readonly TensorSet Tensors = new(
    [
        NamedTensor.FromFloats("h.0.lora_A", [2, 3], [1, -0.5f, 3, 4, 5, 6]),
        NamedTensor.FromFloats("h.0.lora_B", [130], new float[130], TensorType.Int8),
        NamedTensor.FromFloats("t.1", [3, 1], [1, 2, 3], TensorType.BFloat16),
        NamedTensor.FromFloats("t.3", [], [3]),
        NamedTensor.FromFloats("t.2", [0, 7], []),
    ]);

    private static readonly CheckIn CheckIn = new("run", "anna", "base", Tensors.Specs, 1234, 1);

    public static IReadOnlyList<(int Decoder, byte[] Payload)> All { get; } =
    [
        (0, PayloadCodec.Encode(CheckIn)),
        (0, PayloadCodec.Encode(CheckIn with { Shared = [], Adapters = [new AdapterPair("h.0.lora_A", "h.0.lora_B", 2)], Abilities = ["full-rank", "ü"] })),
        (1, PayloadCodec.Encode(new RoundPlan("run", 3, 20, 2, 42, 10, Tensors.Specs, "base", DateTimeOffset.UnixEpoch) { SendAs = TensorType.Int8 })),
        (1, PayloadCodec.Encode(new RoundPlan("run", 3, 20, 2, 42, 10, [], "base", null))),
        (1, PayloadCodec.Encode(new RetryWindow(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5), "Waiting."))),
        (1, PayloadCodec.Encode(new RunFinished(20, 20))),
        (1, PayloadCodec.Encode(new Refused(RefusalCode.BaseFingerprint, "Nein, 語."))),
        (2, PayloadCodec.Encode(new DownloadRequest("run", "anna", 2) { Type = TensorType.BFloat16 })),
        (3, PayloadCodec.Encode(new ExpertUpdate("run", 3, "anna", 1, "base", 1234, Tensors, new Dictionary<string, double> { ["loss"] = 2.5, ["tokens"] = 7 }) { Content = UpdateContent.Differences })),
        (3, PayloadCodec.Encode(new ExpertUpdate("run", 3, "anna", 1, "base", 1234, TensorSet.Empty, new Dictionary<string, double>()))),
        (4, PayloadCodec.Encode(UpdateReceipt.Counted)),
        (4, PayloadCodec.Encode(UpdateReceipt.Refuse(RefusalCode.Samples, "Too many."))),
        (5, PayloadCodec.Encode(Tensors)),
        (5, PayloadCodec.Encode(new TensorSet([Tensors[0]]))),
    ];
}
