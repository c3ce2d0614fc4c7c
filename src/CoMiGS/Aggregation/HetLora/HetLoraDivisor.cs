namespace CoMiGS.Aggregation.HetLora;

/// <summary>By whose weights a row of A, or column of B, is divided.</summary>
public enum HetLoraDivisor
{
    /// <summary>Of the devices that have it: what only devices of high rank learn keeps its size.</summary>
    Owners,

    /// <summary>Of all devices: what only some have shrinks, as if the others had sent zeros.</summary>
    AllDevices,
}
