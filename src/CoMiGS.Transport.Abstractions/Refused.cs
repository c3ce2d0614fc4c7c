namespace CoMiGS.Transport;

/// <summary>The coordinator does not take the device, or has not what it asks for.</summary>
/// <param name="Code">Why, for programs.</param>
/// <param name="Reason">Why and what to do, for people.</param>
public sealed record Refused(RefusalCode Code, string Reason) : CheckInReply;
