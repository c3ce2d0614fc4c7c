using CoMiGS.Models;
using CoMiGS.Planning;

namespace CoMiGS.Bench.StepMemory;

/// <summary>A model, its experts and a batch; a Llama where there are <paramref name="KeyValueHeads"/>, else a GPT.</summary>
public sealed record MemoryCase(
    int Layers, int Width, int Vocabulary, int Batch, int Window, int Generalists, int Specialists, int? TopK = null, int Rank = 8, int AttentionRank = 8, int Heads = 4, bool Kernel = true,
    int? KeyValueHeads = null, string? Targets = null)
{
    /// <summary>Large enough that what the process needs besides is small, and each part of the formula is the largest somewhere.</summary>
    public static IReadOnlyList<MemoryCase> Table { get; } =
    [
        new(3, 256, 256, 16, 128, 1, 0),
        new(3, 256, 256, 16, 128, 1, 1),
        new(3, 256, 256, 16, 128, 1, 3),
        new(3, 256, 256, 16, 128, 1, 7),
        new(3, 256, 256, 16, 128, 1, 31),
        new(3, 256, 256, 16, 128, 1, 7, TopK: 8),
        new(3, 256, 256, 16, 128, 1, 1, Kernel: false),
        new(3, 256, 256, 16, 128, 1, 7, Kernel: false),
        new(3, 256, 256, 16, 128, 1, 7, TopK: 8, Kernel: false),
        new(3, 256, 256, 16, 128, 1, 7, TopK: 1),
        new(6, 384, 256, 8, 128, 1, 3),
        new(12, 256, 256, 8, 128, 1, 1, AttentionRank: 0),
        new(2, 256, 16384, 8, 128, 1, 1),
        new(2, 256, 256, 4, 512, 1, 1, Heads: 8),
        new(3, 256, 256, 16, 128, 1, 1, Targets: "all-linear"),
        new(3, 256, 256, 16, 128, 1, 7, Targets: "all-linear"),
        new(4, 512, 256, 8, 128, 2, 6, TopK: 4, Rank: 64),
        new(3, 256, 256, 16, 128, 1, 3, KeyValueHeads: 2),
        new(3, 256, 256, 16, 128, 1, 3, Kernel: false, KeyValueHeads: 2),
        new(12, 256, 256, 8, 128, 1, 1, AttentionRank: 0, KeyValueHeads: 4),
        new(2, 256, 256, 4, 512, 1, 1, Heads: 8, KeyValueHeads: 1),
    ];

    /// <summary>The base model.</summary>
    public LanguageModel Model() => KeyValueHeads is { } shared
        ? new Llama(new LlamaOptions { VocabularySize = Vocabulary, BlockSize = Window, Layers = Layers, Heads = Heads, KeyValueHeads = shared, Width = Width, HiddenWidth = 3 * Width })
        : new Gpt(new GptOptions { VocabularySize = Vocabulary, BlockSize = Window, Layers = Layers, Heads = Heads, Width = Width });

    /// <summary>Its experts.</summary>
    public ExpertOptions Options() => new()
    {
        Generalists = Generalists, Specialists = Specialists, TopK = TopK, Rank = Rank, AttentionRank = AttentionRank, UseKernel = Kernel, TargetModules = Targets is null ? null : ModulePattern.FromString(Targets),
    };
}
