using CoMiGS.Bench.Results;
using CoMiGS.Layers;
using CoMiGS.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Blocks;

/// <summary>A feed-forward and how many tokens go through it.</summary>
/// <param name="Shape"><see cref="Gpt2"/> or <see cref="SwiGlu"/>.</param>
/// <param name="Width">d.</param>
/// <param name="Tokens">N.</param>
/// <param name="Base">Type of the frozen weights.</param>
internal sealed record BlockCase(string Shape, int Width, int Tokens, ScalarType Base)
{
    /// <summary>d to 4 d, GELU, 4 d to d, with biases.</summary>
    public const string Gpt2 = "GPT-2";

    /// <summary>Twice d to 8/3 d, SiLU gate, back to d, without biases.</summary>
    public const string SwiGlu = "SwiGLU";

    private const int Multiple = 64; // of the hidden width of Llama-like models

    /// <summary>The cases that are measured.</summary>
    /// <param name="smoke">Small ones.</param>
    public static IReadOnlyList<BlockCase> All(bool smoke) =>
    [
        .. from size in smoke ? [(Width: 64, Tokens: 16)] : new[] { (Width: 768, Tokens: 1024), (Width: 256, Tokens: 1024), (Width: 2048, Tokens: 256) }
           from shape in new[] { Gpt2, SwiGlu }
           from type in new[] { ScalarType.Float32, ScalarType.BFloat16 }
           select new BlockCase(shape, size.Width, size.Tokens, type),
    ];

    /// <summary>Numbers of experts and how many a token takes.</summary>
    public static IReadOnlyList<(int Experts, int TopK)> Mixtures { get; } = [(1, 1), (2, 1), (2, 2), (4, 1), (4, 2), (8, 1), (8, 2)];

    /// <summary>The cells of a table.</summary>
    public override string ToString() => string.Join(Measurement.Separator, Shape, Width, Tokens, Base);

    /// <summary>The feed-forward, frozen.</summary>
    public IFeedForward Create()
    {
        LanguageModel model = Shape == Gpt2
            ? new Gpt(new() { VocabularySize = 8, BlockSize = 8, Layers = 1, Heads = 4, Width = Width })
            : new Llama(new() { VocabularySize = 8, BlockSize = 8, Layers = 1, Heads = 4, Width = Width, HiddenWidth = (((8 * Width / 3) + Multiple - 1) / Multiple) * Multiple });
        model.to(Base);
        foreach (var parameter in model.parameters())
        {
            parameter.requires_grad = false;
        }

        return model.modules().OfType<IFeedForward>().Single();
    }
}
