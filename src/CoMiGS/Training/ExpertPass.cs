using CoMiGS.Experts;

namespace CoMiGS.Training;

/// <summary>One forward and backward pass of a step.</summary>
/// <param name="Alone">The only experts that compute; null for the mixture.</param>
/// <param name="Weight">What its loss is multiplied by.</param>
/// <param name="IsReported">Whether the step's report speaks of its loss, and the penalty is added to it.</param>
internal sealed record ExpertPass(ExpertRole? Alone, double Weight, bool IsReported);
