namespace CoMiGS.Transport;

/// <summary>Why the coordinator refused a message; the numbers are part of the wire format and never change.</summary>
public enum RefusalCode
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>Refused for a reason that this version has no code for.</summary>
    Unspecified = 1,

    /// <summary>The coordinator does not lead a run of that name.</summary>
    UnknownRun = 2,

    /// <summary>The device speaks another version of the protocol.</summary>
    Protocol = 3,

    /// <summary>The device's frozen base model is not that of the run.</summary>
    BaseFingerprint = 4,

    /// <summary>Names, types or shapes of the shared parameters are not those of the run.</summary>
    Signature = 5,

    /// <summary>The run combines shared parameters, but the device shares none.</summary>
    NothingShared = 6,

    /// <summary>The sample count is not plausible.</summary>
    Samples = 7,

    /// <summary>The round is over.</summary>
    RoundClosed = 8,

    /// <summary>The round has not begun.</summary>
    RoundNotOpen = 9,

    /// <summary>The device is not in this round.</summary>
    NotInRound = 10,

    /// <summary>The round already counts an update of this device.</summary>
    Duplicate = 11,

    /// <summary>A number is not finite.</summary>
    NotFinite = 12,

    /// <summary>A number is larger than a trained adapter's can be.</summary>
    Magnitude = 13,

    /// <summary>That version of the shared parameters is not kept (any more).</summary>
    UnknownVersion = 14,

    /// <summary>The run's strategy needs devices that can do more than train, and this one cannot.</summary>
    Ability = 15,

    /// <summary>The device does not prove that it is who it says it is, or is not let in (any more).</summary>
    Identity = 20,

    /// <summary>The bytes are no message of this protocol, or the message breaks the coordinator's limits.</summary>
    Malformed = 21,

    /// <summary>All numbers of the update together go further than the coordinator allows.</summary>
    Norm = 22,
}
