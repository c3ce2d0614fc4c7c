namespace CoMiGS.Transport;

/// <summary>What the numbers of an update are; the numbers are part of the wire format and never change.</summary>
public enum UpdateContent
{
    /// <summary>The shared parameters after training.</summary>
    Values = 0,

    /// <summary>
    /// Shared parameters after training less those that the device downloaded for the round. They are small, so rounding them costs little: what a device knows exactly
    /// and the coordinator too need not travel.
    /// </summary>
    Differences = 1,
}
