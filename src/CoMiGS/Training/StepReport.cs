namespace CoMiGS.Training;

/// <summary>What one optimizer step did.</summary>
/// <param name="Device">Name of the device.</param>
/// <param name="Step">Number of expert steps so far, over the whole run.</param>
/// <param name="Kind">What was trained.</param>
/// <param name="Loss">Mean cross-entropy of the mixture per token in nats, without the penalty; where the mixture has no loss, of the first experts that have one.</param>
/// <param name="Penalty">What was added to it, by default the weighted load-balancing loss; 0 where that is off.</param>
/// <param name="LearningRate">The rate this step used.</param>
/// <param name="Tokens">Tokens predicted.</param>
/// <param name="Elapsed">Time it took.</param>
public sealed record StepReport(string Device, long Step, StepKind Kind, double Loss, double Penalty, double LearningRate, long Tokens, TimeSpan Elapsed);
