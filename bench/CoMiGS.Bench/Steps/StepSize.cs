using CoMiGS.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Steps;

/// <summary>The model and the batch of a whole step.</summary>
/// <param name="Batch">Windows a step.</param>
/// <param name="Window">Tokens a window.</param>
internal sealed record StepSize(int Batch, int Window)
{
    private const int GptVocabulary = 50257;

    /// <summary>GPT-2-small, 8 x 128 tokens; or something tiny.</summary>
    public static StepSize Of(bool smoke) => smoke ? new(2, 16) { Small = true } : new(8, 128);

    /// <summary>Whether the model is tiny.</summary>
    public bool Small { get; private init; }

    /// <summary>How many token ids there are.</summary>
    public int Vocabulary => Small ? 256 : GptVocabulary;

    /// <summary>The model, with random weights.</summary>
    /// <param name="type">Of the frozen weights.</param>
    public Gpt Model(ScalarType type)
    {
        var model = new Gpt(Small ? new() { VocabularySize = Vocabulary, BlockSize = 64, Layers = 2, Heads = 2, Width = 32 } : new());
        model.to(type);
        return model;
    }
}
