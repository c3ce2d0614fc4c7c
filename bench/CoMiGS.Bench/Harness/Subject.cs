namespace CoMiGS.Bench.Harness;

/// <summary>Something that is timed.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Run">Does it once.</param>
internal sealed record Subject(string Name, Action Run);
