using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Models;

namespace CoMiGS.Tests.Models;

/// <summary>Small models and texts that tests share.</summary>
internal static class Tiny
{
    public const int Window = 16;

    public static readonly GptOptions Size = new() { VocabularySize = 256, BlockSize = 32, Layers = 2, Heads = 2, Width = 16, Seed = 7 };

    public static Gpt Gpt() => new(Size);

    public static MoeModel Moe(ExpertOptions? options = null) => Gpt().AddExperts(options);

    public static DeviceData Data(long seed = 1) => new(
        TextBytes.From(Text(seed, 40), "train"),
        TextBytes.From(Text(seed + 100, 20), "valid"),
        TextBytes.From(Text(seed + 200, 10), "test"));

    /// <summary>Sentences of a tiny grammar: learnable, and different for every seed.</summary>
    public static string Text(long seed, int sentences)
    {
        string[] nouns = ["tree", "river", "stone", "cloud", "bird"];
        string[] verbs = ["sees", "follows", "holds", "hears"];
        var random = new CoMiGS.Parameters.SeededRandom(seed);
        return string.Concat(Enumerable.Range(0, sentences).Select(_ => $"the {Pick(nouns)} {Pick(verbs)} the {Pick(nouns)}. "));

        string Pick(string[] words) => words[random.NextInt64(words.Length)];
    }
}
