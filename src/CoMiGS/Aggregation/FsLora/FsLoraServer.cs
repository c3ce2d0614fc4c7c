namespace CoMiGS.Aggregation.FsLora;

/// <summary>The coordinator's optimizer in FSLoRA.</summary>
public enum FsLoraServer
{
    /// <summary>Plain steps along the mean way of the devices.</summary>
    Sgd,

    /// <summary>Adam on that way, with bias correction (Kingma and Ba 2015).</summary>
    Adam,
}
