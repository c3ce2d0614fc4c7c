namespace CoMiGS.Bench.Loading;

/// <summary>The shapes that are measured.</summary>
public static class CheckpointShapes
{
    /// <summary>For warming up.</summary>
    public static IReadOnlyList<CheckpointShape> Tiny { get; } =
    [
        CheckpointShape.Gpt2("tiny-gpt2", layers: 2, width: 32, heads: 2, vocabulary: 64, window: 32),
        CheckpointShape.Llama("tiny-llama", layers: 2, width: 32, heads: 4, keyValueHeads: 2, headWidth: 8, hidden: 64, vocabulary: 64),
    ];

    /// <summary>Small enough for a test, large enough that what a process takes on besides hardly counts.</summary>
    public static IReadOnlyList<CheckpointShape> Smoke { get; } =
    [
        CheckpointShape.Gpt2("GPT-2, 6 layers", layers: 6),
        CheckpointShape.Llama("Llama, 4 layers", layers: 4, vocabulary: 32000),
    ];

    /// <summary>The sizes people have.</summary>
    public static IReadOnlyList<CheckpointShape> Full { get; } = [CheckpointShape.Gpt2(), CheckpointShape.Llama()];
}
