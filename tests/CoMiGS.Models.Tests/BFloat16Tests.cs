using CoMiGS.Data;
using CoMiGS.Layers;
using CoMiGS.Training;
using static TorchSharp.torch;

namespace CoMiGS.Models.Tests;

/// <summary>A base in bfloat16 with experts in float32. A bfloat16 number has 8 bits: it is off by up to 2^-9, 0.2 %.</summary>
public sealed class BFloat16Tests
{
    private const double LossBound = 0.003;
    private const int Window = 16;

    private static readonly TextBytes Text = TextBytes.From(string.Concat(Enumerable.Range(0, 60).Select(i => $"{i} and {i} make {i + i}. ")));

    public static TheoryData<string> Families => ["GPT", "Llama"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Experts_on_a_bfloat16_base_learn_what_they_learn_on_a_float32_base(string family)
    {
        using var bare = Bare(family);
        using var checkpoint = new SavedCheckpoint(bare);

        var exact = Train(checkpoint, ScalarType.Float32);
        var rounded = Train(checkpoint, ScalarType.BFloat16);

        rounded.Before.Should().BeApproximately(exact.Before, LossBound * exact.Before);
        rounded.After.Should().BeApproximately(exact.After, LossBound * exact.After);
        exact.After.Should().BeLessThan(exact.Before - 0.5, "the loss falls by far more than what rounding can move it by");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Adapters_and_routers_stay_float32_and_the_base_stays_as_it_was(string family)
    {
        using var scope = NewDisposeScope();
        using var bare = Bare(family);
        using var checkpoint = new SavedCheckpoint(bare);
        using var moe = Load(checkpoint, ScalarType.BFloat16);
        var frozen = moe.Model.named_parameters().Where(p => !p.parameter.requires_grad).ToDictionary(p => p.name, p => p.parameter.detach().clone());

        using var trainer = Trainer(moe);
        trainer.ExpertStep();
        trainer.RouterStep();

        moe.Parameters.Should().OnlyContain(p => p.Value.dtype == ScalarType.Float32 && p.Value.grad!.dtype == ScalarType.Float32);
        foreach (var (name, parameter) in moe.Model.named_parameters().Where(p => frozen.ContainsKey(p.name)))
        {
            parameter.dtype.Should().Be(ScalarType.BFloat16, name);
            parameter.detach().Equals(frozen[name]).Should().BeTrue(name);
        }
    }

    private static LanguageModel Bare(string family) => Scaled(family == "GPT" ? Tiny.Gpt() : Tiny.Llama());

    /// <summary>With embeddings and a head as large as those of trained models, so that logits can be.</summary>
    private static LanguageModel Scaled(LanguageModel model)
    {
        using var noGrad = no_grad();
        foreach (var (_, parameter) in model.named_parameters().Where(p => p.parameter.dim() == 2))
        {
            parameter.mul_(5);
        }

        return model;
    }

    private static (double Before, double After) Train(SavedCheckpoint checkpoint, ScalarType type)
    {
        using var moe = Load(checkpoint, type);
        using var trainer = Trainer(moe);
        var before = Evaluation.Run(moe.Model, Text, Window).Loss;
        trainer.Train(60);
        return (before, Evaluation.Run(moe.Model, Text, Window).Loss);
    }

    private static MoeModel Load(SavedCheckpoint checkpoint, ScalarType type) =>
        Pretrained.Load(checkpoint.Folder, new() { Type = type }).AddExperts(new() { Specialists = 2, TopK = 2, Rank = 4, AttentionRank = 4 });

    /// <summary>With steps so small that what rounding changes stays small; at a rate of 0.01 it grows to 1.3 % of the loss, up or down.</summary>
    private static BilevelTrainer Trainer(MoeModel moe) =>
        new(moe, new DeviceData(Text, Text), new() { BatchSize = 4, Window = Window, LearningRate = 0.002, RouterEvery = 10, RouterSteps = 2 });
}
