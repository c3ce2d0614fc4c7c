using CoMiGS.Layers;
using CoMiGS.Parameters;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests;

/// <summary>Small models that tests share.</summary>
internal static class Tiny
{
    public static Gpt Gpt() => new(new() { VocabularySize = 256, BlockSize = 32, Layers = 2, Heads = 2, Width = 16, Seed = 7 });

    /// <summary>Grouped queries, an untied head, no biases; and what else <paramref name="change"/> says.</summary>
    public static Llama Llama(Action<LlamaOptions>? change = null)
    {
        var options = new LlamaOptions { VocabularySize = 256, BlockSize = 32, Layers = 2, Heads = 4, KeyValueHeads = 2, Width = 16, HiddenWidth = 24, Seed = 7 };
        change?.Invoke(options);
        return new(options);
    }

    /// <summary>Experts that compute something: new ones change nothing, because their B is zero.</summary>
    public static MoeModel WithExperts(LanguageModel model, ExpertOptions? options = null)
    {
        var moe = model.AddExperts(options ?? new() { Generalists = 1, Specialists = 2, Rank = 2, TopK = 2 });
        foreach (var parameter in moe.Parameters.Where(p => p.Name.EndsWith("lora_B", StringComparison.Ordinal)))
        {
            ParameterInit.Normal(0.1).Fill(parameter.Value, new Seed(11).For(parameter.Name));
        }

        return moe;
    }

    /// <summary>(rows, columns) ids.</summary>
    public static Tensor Ids(long seed, int rows, int columns, int vocabulary = 256)
    {
        var random = new SeededRandom(seed);
        var ids = new long[rows * columns];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = random.NextInt64(vocabulary);
        }

        return tensor(ids, [rows, columns]);
    }
}
