namespace CoMiGS.Training;

/// <summary>How well a model predicts a whole split.</summary>
/// <param name="Loss">Mean cross-entropy per token, in nats.</param>
/// <param name="Tokens">Tokens predicted: all of the split but the first.</param>
public sealed record EvaluationReport(double Loss, long Tokens)
{
    /// <summary>exp(loss): the perplexity per token.</summary>
    public double Perplexity => Math.Exp(Loss);
}
