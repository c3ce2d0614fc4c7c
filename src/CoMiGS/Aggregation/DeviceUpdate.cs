using CoMiGS.Transport;

namespace CoMiGS.Aggregation;

/// <summary>An update with what its device shares.</summary>
/// <param name="Device">What the device shares.</param>
/// <param name="Update">The update; its ranks may have fallen since the check-in where the strategy allows that.</param>
public sealed record DeviceUpdate(DeviceShare Device, ExpertUpdate Update);
