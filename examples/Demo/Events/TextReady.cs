using CoMiGS.Demo.Results;

namespace CoMiGS.Demo.Events;

/// <summary>The devices have their text.</summary>
/// <param name="Scenario">The scenario in a few words.</param>
/// <param name="Devices">The devices with the sizes of their texts.</param>
public sealed record TextReady(string Scenario, IReadOnlyList<DeviceInfo> Devices) : DemoEvent;
