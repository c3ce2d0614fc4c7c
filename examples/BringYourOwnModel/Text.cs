using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.BringYourOwnModel;

/// <summary>Sentences of a small grammar, as characters.</summary>
public sealed class Text
{
    private const int BatchSize = 8;
    private readonly string _characters;
    private readonly long _seed;

    private Text(string characters, long seed) => (_characters, _seed) = (characters, seed);

    /// <summary>What a weather station writes: the base model learns it.</summary>
    public static Text Weather { get; } = Of(1, ["cold", "warm", "heavy", "light"], ["rain", "wind", "fog", "sun"], ["from the north", "over the hills", "until noon", "by the coast"]);

    /// <summary>What a cook writes: the experts learn it.</summary>
    public static Text Kitchen { get; } = Of(2, ["chopped", "roasted", "fresh", "salted"], ["onions", "lentils", "plums", "leeks"], ["in butter", "with thyme", "for an hour", "on toast"]);

    /// <summary>A batch that follows from its number alone.</summary>
    /// <returns>Characters and the characters that follow them, (B, T) each.</returns>
    public (Tensor Input, Tensor Target) Batch(long number)
    {
        var random = new SeededRandom(new Seed(_seed).For(number));
        var starts = Enumerable.Range(0, BatchSize).Select(_ => (int)random.NextInt64(_characters.Length - TinyWriter.Longest)).ToList();
        return (Rows(0), Rows(1));

        Tensor Rows(int shift) => tensor(starts.SelectMany(s => _characters.Substring(s + shift, TinyWriter.Longest).Select(c => (long)c)).ToArray(), [starts.Count, TinyWriter.Longest]);
    }

    private static Text Of(long seed, string[] how, string[] what, string[] where)
    {
        var random = new SeededRandom(seed);
        return new(string.Concat(Enumerable.Range(0, 400).Select(_ => $"{Pick(how)} {Pick(what)} {Pick(where)}. ")), seed);

        string Pick(string[] words) => words[random.NextInt64(words.Length)];
    }
}
