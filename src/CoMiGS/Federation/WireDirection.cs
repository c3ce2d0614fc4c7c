namespace CoMiGS.Federation;

/// <summary>Which way a message goes.</summary>
public enum WireDirection
{
    /// <summary>From a device to the coordinator.</summary>
    ToCoordinator,

    /// <summary>From the coordinator to a device.</summary>
    ToDevice,
}
