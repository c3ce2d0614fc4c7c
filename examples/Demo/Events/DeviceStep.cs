using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Events;

/// <summary>A training step of one device.</summary>
/// <param name="Method">The method under way.</param>
/// <param name="Device">The device's name.</param>
/// <param name="Round">The round, counted from 1.</param>
/// <param name="Rounds">How many there will be.</param>
/// <param name="StepsDone">Steps of all devices so far in this method.</param>
/// <param name="StepsInAll">Steps of all devices in this method.</param>
/// <param name="Loss">Nats per byte.</param>
/// <param name="TokensPerSecond">All devices together, since the method began.</param>
public sealed record DeviceStep(
    MethodKind Method, string Device, int Round, int Rounds, int StepsDone, int StepsInAll, double Loss, double TokensPerSecond) : DemoEvent;
