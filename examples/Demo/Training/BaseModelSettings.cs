using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CoMiGS.Data;
using CoMiGS.Models;
using static TorchSharp.torch;

namespace CoMiGS.Demo.Training;

/// <summary>Size and training of the base model. The defaults fit a few minutes on two cores.</summary>
public sealed record BaseModelSettings
{
    /// <summary>Transformer blocks.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>Model width.</summary>
    public int Width { get; init; } = 96;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Bytes that the model looks at together.</summary>
    public int Window { get; init; } = 128;

    /// <summary>Optimizer steps.</summary>
    public int Steps { get; init; } = 900;

    /// <summary>Windows per step.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Peak learning rate; it rises over <see cref="WarmUpSteps"/> and falls along a cosine to a tenth.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Steps until the peak.</summary>
    public int WarmUpSteps { get; init; } = 50;

    /// <summary>AdamW's weight decay.</summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>Largest norm of the gradient.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Seed of the first weights and of the order of the text.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>The small model of <c>--quick</c>.</summary>
    public static BaseModelSettings Quick { get; } = new() { Layers = 2, Width = 64, Steps = 300, WarmUpSteps = 20 };

    /// <summary>The model in a few words.</summary>
    public string Description => $"{Layers} layers x {Width}, bytes, {Steps} steps on the SDK's English messages";

    /// <summary>The model before training.</summary>
    public Gpt Create() => new(new GptOptions
    {
        VocabularySize = TextBytes.VocabularySize,
        BlockSize = Window,
        Layers = Layers,
        Heads = Heads,
        Width = Width,
        Seed = Seed,
    });

    /// <summary>A model of its own with the weights of <paramref name="model"/>.</summary>
    public Gpt CopyOf(Gpt model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var copy = Create();
        using var noGrad = no_grad();
        foreach (var (target, source) in copy.parameters().Zip(model.parameters()))
        {
            target.copy_(source);
        }

        return copy;
    }

    /// <summary>The learning rate of a step, counted from 0.</summary>
    public double RateAt(int step)
    {
        if (step < WarmUpSteps)
        {
            return LearningRate * (step + 1) / WarmUpSteps;
        }

        var progress = (double)(step - WarmUpSteps) / Math.Max(1, Steps - WarmUpSteps);
        var least = LearningRate / 10;
        return least + ((LearningRate - least) * (1 + Math.Cos(Math.PI * progress)) / 2);
    }

    /// <summary>What a cached model is found by: a hash of the text and of everything that the weights depend on.</summary>
    public string KeyFor(string text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this)));
        hash.AppendData([0]);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..24];
    }
}
