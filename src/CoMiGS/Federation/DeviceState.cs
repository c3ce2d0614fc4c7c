namespace CoMiGS.Federation;

/// <summary>Where a device stands, as its coordinator sees it.</summary>
public enum DeviceState
{
    /// <summary>It has checked in and waits for a round.</summary>
    Waiting,

    /// <summary>It is in the open round, and its update has not come yet.</summary>
    Training,

    /// <summary>Its update counts in the open round; between rounds, in the last one.</summary>
    Counted,

    /// <summary>Its update was refused in the open round, and another has not come yet.</summary>
    Refused,

    /// <summary>It was in the last round, which closed without it, and has not come back.</summary>
    Missing,
}
