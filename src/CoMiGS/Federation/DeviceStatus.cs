namespace CoMiGS.Federation;

/// <summary>A device, as its coordinator sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands.</param>
public readonly record struct DeviceStatus(string Name, DeviceState State);
