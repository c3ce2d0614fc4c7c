namespace CoMiGS.Data;

/// <summary>What a device learns from. It never leaves the device.</summary>
/// <param name="Train">Experts learn on this split.</param>
/// <param name="Valid">Routers learn on this one; it stands for the text the device will meet (paper section 3).</param>
/// <param name="Test">Measured on, never learnt from; may be absent.</param>
public sealed record DeviceData(ITokenSource Train, ITokenSource Valid, ITokenSource? Test = null);
