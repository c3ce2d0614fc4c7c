using CoMiGS.Data;
using CoMiGS.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace CoMiGS.Training;

/// <summary>Measures a language model on a whole split, in consecutive windows: no sampling, so the same model gives the same figure (docs/fidelity.md, D11 and D12).</summary>
public static class Evaluation
{
    /// <summary>Mean token loss of <paramref name="model"/> over <paramref name="split"/>. The model's training mode is restored afterwards.</summary>
    /// <param name="model">(B, T) ids to (B, T, V) logits.</param>
    /// <param name="split">At least two tokens.</param>
    /// <param name="window">T, tokens per window. Default: 128.</param>
    /// <param name="batchSize">Windows per forward pass. Default: 16.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <exception cref="SplitTooShortException">The split has fewer than two tokens.</exception>
    public static EvaluationReport Run(nn.Module<Tensor, Tensor> model, ITokenSource split, int window = 128, int batchSize = 16, CancellationToken cancellationToken = default) =>
        Run(model, new EvaluationWindows(split, batchSize, window, (model as ILanguageModel)?.VocabularySize).Batches(), cancellationToken);

    /// <summary>Mean token loss of <paramref name="model"/> over some batches. The model's training mode is restored afterwards.</summary>
    /// <param name="model">(B, T) ids to (B, T, V) logits.</param>
    /// <param name="batches">Where they come from; its cursor moves on.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    public static EvaluationReport Run(nn.Module<Tensor, Tensor> model, IBatchSource batches, int count, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Run(model, Enumerable.Range(0, count).Select(_ => batches.NextBatch()), cancellationToken);
    }

    private static EvaluationReport Run(nn.Module<Tensor, Tensor> model, IEnumerable<TokenBatch> batches, CancellationToken cancellationToken)
    {
        var wasTraining = model.training;
        model.eval();
        try
        {
            double sum = 0;
            long tokens = 0;
            using var noGraph = inference_mode();
            using var scope = NewDisposeScope();
            foreach (var batch in batches)
            {
                cancellationToken.ThrowIfCancellationRequested();
                sum += LanguageModelLoss.Sum(model, batch.Inputs, batch.Targets).ToDouble();
                tokens += batch.Tokens;
                scope.DisposeEverything();
            }

            return new(sum / tokens, tokens);
        }
        finally
        {
            model.train(wasTraining);
        }
    }
}
