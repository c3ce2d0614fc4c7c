namespace CoMiGS.Models.Tests;

/// <summary>Small models that tests share.</summary>
internal static class Tiny
{
    public static Gpt Gpt() => new(new() { VocabularySize = 256, BlockSize = 32, Layers = 2, Heads = 2, Width = 16, Seed = 7 });
}
