namespace CoMiGS.Federation;

/// <summary>How far a device has come in a round.</summary>
public enum DeviceStage
{
    /// <summary>It has the shared parameters of the round and is about to train.</summary>
    Synchronised,

    /// <summary>It has made its local steps and is about to upload.</summary>
    Trained,

    /// <summary>The coordinator has answered its update.</summary>
    Uploaded,

    /// <summary>The run is over, and it has the last shared parameters.</summary>
    Finished,
}
