using CoMiGS.Checkpoints;

namespace CoMiGS.Training;

/// <summary>The training state from which a trainer goes on.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Step">Expert steps made when it was saved.</param>
/// <param name="Refused">Later states that could not be used, the newest first; empty when all is well.</param>
public sealed record ResumedState(string Path, long Step, IReadOnlyList<RefusedState> Refused);
