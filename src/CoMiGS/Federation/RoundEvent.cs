using CoMiGS.Transport;

namespace CoMiGS.Federation;

/// <summary>Something that happened at the coordinator.</summary>
/// <param name="Round">The round it belongs to.</param>
public abstract record RoundEvent(int Round);

/// <summary>A round opened.</summary>
/// <param name="Round">The round, counted from 1.</param>
/// <param name="Devices">The devices in it, in the order of their names.</param>
public sealed record RoundOpened(int Round, IReadOnlyList<string> Devices) : RoundEvent(Round);

/// <summary>A device joined a round that lacks updates.</summary>
/// <param name="Round">The round.</param>
/// <param name="Device">The device.</param>
public sealed record DeviceJoined(int Round, string Device) : RoundEvent(Round);

/// <summary>A device was turned away at check-in.</summary>
/// <param name="Round">The round that is open or comes next.</param>
/// <param name="Device">The device.</param>
/// <param name="Refusal">Why.</param>
public sealed record DeviceRefused(int Round, string Device, Refused Refusal) : RoundEvent(Round);

/// <summary>An update counts.</summary>
/// <param name="Round">The round.</param>
/// <param name="Device">Who sent it.</param>
/// <param name="Samples">Its sample count.</param>
/// <param name="Metrics">What the device reports of its training.</param>
public sealed record UpdateAccepted(int Round, string Device, long Samples, IReadOnlyDictionary<string, double> Metrics) : RoundEvent(Round);

/// <summary>An update does not count.</summary>
/// <param name="Round">The round that it claims to be for.</param>
/// <param name="Device">Who sent it.</param>
/// <param name="Receipt">Why.</param>
public sealed record UpdateRefused(int Round, string Device, UpdateReceipt Receipt) : RoundEvent(Round);

/// <summary>A round closed.</summary>
/// <param name="Round">The round.</param>
/// <param name="Version">The version of the shared parameters that came of it; 0 when nothing is shared.</param>
/// <param name="Accepted">Devices whose update counts.</param>
/// <param name="Missing">Devices of the round whose update does not: too late, refused or gone.</param>
/// <param name="Duration">From opening to closing.</param>
public sealed record RoundClosed(int Round, long Version, int Accepted, int Missing, TimeSpan Duration) : RoundEvent(Round);

/// <summary>The last round closed.</summary>
/// <param name="Round">The last round.</param>
/// <param name="Version">The last version of the shared parameters.</param>
public sealed record RunEnded(int Round, long Version) : RoundEvent(Round);
