namespace CoMiGS.Observability.Runs;

/// <summary>A line of the file.</summary>
/// <param name="Run">The run.</param>
/// <param name="Round">A round of it that has closed.</param>
internal sealed record HistoryLine(string Run, RoundView Round);
