namespace CoMiGS.Bench.Coordination;

/// <summary>What it took.</summary>
/// <param name="PeakBytes">The high-water mark of resident memory, from the beginning of the process.</param>
/// <param name="Seconds">Time for all updates, check-ins included.</param>
public sealed record CoordinatorFigures(long PeakBytes, double Seconds);
