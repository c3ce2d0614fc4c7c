namespace CoMiGS.Federation;

/// <summary>What becomes of an update that comes after its round has closed.</summary>
public enum LateUpdates
{
    /// <summary>It is refused, and its device checks in for the next round.</summary>
    Discard,

    /// <summary>
    /// It counts in the round that is open, if that is the next one and its device is not in it. Between two rounds it is refused all the same: by then its device does better
    /// to begin from the newest parameters.
    /// </summary>
    Carry,
}
