using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Models;
using CoMiGS.Parameters;
using CoMiGS.Training;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Steps;

/// <summary>A model that makes whole training steps.</summary>
internal sealed class StepSubject : IDisposable
{
    /// <summary>No adapter: forward and backward alone.</summary>
    public const string Frozen = "frozen";

    /// <summary>One adapter on every linear map of the feed-forwards, and those of the attention.</summary>
    public const string PlainLora = "plain LoRA";

    private const int Rank = 8;

    private readonly MoeModel _model;
    private readonly BilevelTrainer _trainer;

    /// <summary>A model with one generalist and n - 1 specialists, of which a token takes two.</summary>
    public StepSubject(StepSize size, ScalarType type, int experts)
    {
        _model = size.Model(type).AddExperts(new ExpertOptions { Generalists = 1, Specialists = experts - 1, Rank = Rank, AttentionRank = Rank });
        Text = Tokens(size);
        _trainer = Trainer(size.Batch, size.Window);
    }

    /// <summary>What it reads.</summary>
    public ITokenSource Text { get; }

    /// <summary>The model.</summary>
    public LanguageModel Model => (LanguageModel)_model.Model;

    /// <summary>The handle to its experts.</summary>
    public MoeModel Experts => _model;

    /// <summary>Name of a mixture of n experts.</summary>
    public static string NameOf(int experts) => experts == 1 ? PlainLora : $"n={experts}";

    /// <summary>Random tokens, enough for every step.</summary>
    public static ITokenSource Tokens(StepSize size)
    {
        var random = new SeededRandom(new Seed(3));
        return new TokenArray([.. Enumerable.Range(0, 20_000).Select(_ => (int)random.NextInt64(size.Vocabulary))]);
    }

    /// <summary>A trainer of its own, for another batch.</summary>
    public BilevelTrainer Trainer(int batch, int window) => new(_model, new DeviceData(Text, Text), new BilevelOptions { BatchSize = batch, Window = window });

    /// <summary>Forward, backward, AdamW on the experts.</summary>
    public void ExpertStep() => _trainer.ExpertStep();

    /// <summary>Forward, backward, AdamW on the router.</summary>
    public void RouterStep() => _trainer.RouterStep();

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainer.Dispose();
        _model.Dispose();
    }
}
