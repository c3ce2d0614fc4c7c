using CoMiGS.Bench.Harness;
using CoMiGS.Bench.Reports;
using CoMiGS.Bench.Results;
using CoMiGS.Benchmarks;
using CoMiGS.Data;
using CoMiGS.Models;
using CoMiGS.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Bench.Quality;

/// <summary>What a base in bfloat16 costs in perplexity: a small base model learns English prose, then experts on it learn documentation with its markup, over the base in each type.</summary>
internal sealed class QualitySection : Section
{
    /// <summary>Its name.</summary>
    public const string Quality = "quality";

    /// <summary>The only case.</summary>
    public const string Case = "perplexity";

    private const string Bare = "base model";
    private const int Window = 128, Batch = 16, TestBytes = 100_000, TrainBytes = 400_000;

    /// <inheritdoc/>
    public override string Name => Quality;

    /// <inheritdoc/>
    public override IEnumerable<Job> Jobs(bool smoke) => [new(Name, Case, BlasSetting.Detected.Name, Seconds: 0, smoke)];

    /// <inheritdoc/>
    public override IEnumerable<Measurement> Measure(Job job)
    {
        var marked = EnglishText.WithMarkup();
        var prose = EnglishText.WithoutMarkup(marked);
        using var bare = New();
        Learn(bare, TextBytes.From(prose[..(TrainBytes * 2)]), job.Smoke ? 1 : 400);
        var data = new DeviceData(TextBytes.From(marked[..TrainBytes]), TextBytes.From(marked[TrainBytes..(2 * TrainBytes)]), TextBytes.From(marked[^(job.Smoke ? 1000 : TestBytes)..]));
        yield return job.Of(Bare, Measurement.Number, [Evaluation.Run(bare, data.Test!).Perplexity]);
        foreach (var type in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            yield return job.Of($"{type}", Measurement.Number, [.. (job.Smoke ? [1] : new long[] { 1, 2 }).Select(seed => FineTuned(bare, data, type, seed, job.Smoke ? 1 : 120))]);
        }
    }

    /// <inheritdoc/>
    public override string Table(BenchResults results)
    {
        var table = new MarkdownTable("base", "perplexity, median of seeds", "/ Float32");
        foreach (var m in results.Of(Name))
        {
            table.Add(m.Subject, Text.Ratio(m.Sample().Median, 3), m.Subject == Bare ? Text.None : Text.Ratio(results.Ratio(Name, Case, m.Subject, $"{ScalarType.Float32}", m.Blas), 4));
        }

        return table.ToString();
    }

    private static Gpt New() => new(new() { VocabularySize = TextBytes.VocabularySize, BlockSize = Window, Layers = 3, Heads = 4, Width = 96 });

    private static void Learn(Gpt model, ITokenSource text, int steps)
    {
        var crops = new RandomCrops(text, Batch, Window, new Parameters.Seed(1));
        using var optimizer = optim.AdamW(model.parameters(), 2e-3, weight_decay: 0.1);
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var batch = crops.NextBatch();
            optimizer.zero_grad();
            LanguageModelLoss.Mean(model, batch.Inputs, batch.Targets).backward();
            optimizer.step();
        }
    }

    private static double FineTuned(Gpt bare, DeviceData data, ScalarType type, long seed, int steps)
    {
        var copy = New();
        using (no_grad())
        {
            foreach (var (to, from) in copy.parameters().Zip(bare.parameters()))
            {
                to.copy_(from);
            }
        }

        copy.to(type);
        using var model = copy.AddExperts(new ExpertOptions { Seed = seed });
        using var trainer = new BilevelTrainer(model, data, new BilevelOptions { BatchSize = Batch, Window = Window, Seed = seed });
        trainer.Train(steps);
        return Evaluation.Run(model.Model, data.Test!).Perplexity;
    }
}
