namespace CoMiGS.Demo.Events;

/// <summary>A step of the base model's training.</summary>
/// <param name="Step">Counted from 1.</param>
/// <param name="Steps">How many there will be.</param>
/// <param name="Loss">Nats per byte.</param>
/// <param name="TokensPerSecond">Since the training began.</param>
public sealed record BaseModelStep(int Step, int Steps, double Loss, double TokensPerSecond) : DemoEvent;
