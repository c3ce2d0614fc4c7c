namespace CoMiGS.Checkpoints;

/// <summary>A training state that is damaged, or belongs to another model, device or set of options.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Reason">Every reason, one to a line, with file and tensor.</param>
public sealed record RefusedState(string Path, string Reason);
