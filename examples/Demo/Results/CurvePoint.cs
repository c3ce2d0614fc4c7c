namespace CoMiGS.Demo.Results;

/// <summary>The losses of one device in one round, in nats per byte.</summary>
/// <param name="Round">Counted from 1.</param>
/// <param name="Train">Mean over the round's training steps.</param>
/// <param name="HeldOut">On the first windows of text that the device did not learn from, at the end of the round; null if it was not measured.</param>
public sealed record CurvePoint(int Round, double Train, double? HeldOut);
