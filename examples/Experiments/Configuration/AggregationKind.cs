namespace CoMiGS.Experiments.Configuration;

/// <summary>How the updates of a method combine; each is a strategy of the library. Numbers are part of the keys of finished cells: new ones come last.</summary>
public enum AggregationKind
{
    /// <summary>Nothing is shared.</summary>
    None,

    /// <summary>The plain mean.</summary>
    UniformMean,

    /// <summary>The mean weighted by sample counts.</summary>
    WeightedMean,

    /// <summary>PCL, strategy 2.</summary>
    PeerTrust,

    /// <summary>Mixed ranks by singular values.</summary>
    FlexLora,

    /// <summary>Mixed ranks by filling up with zeros.</summary>
    HetLora,

    /// <summary>Mixed ranks by random rows.</summary>
    FsLora,

    /// <summary>A is frozen, B is averaged.</summary>
    FfaLora,

    /// <summary>A is averaged, B stays.</summary>
    FedSaLora,

    /// <summary>A personal and a global adapter, fused at the end.</summary>
    FdLora,

    /// <summary>Experts go to the devices that they suit.</summary>
    FedAmole,

    /// <summary>The mean, with momentum over the rounds.</summary>
    FedAvgM,

    /// <summary>Adam at the coordinator.</summary>
    FedAdam,

    /// <summary>Yogi at the coordinator.</summary>
    FedYogi,

    /// <summary>The median of every number.</summary>
    CoordinateMedian,

    /// <summary>The mean without the largest and smallest of every number.</summary>
    TrimmedMean,

    /// <summary>The update that is nearest to the others, or the mean of several such.</summary>
    Krum,

    /// <summary>The mean of updates that are shortened to a largest length.</summary>
    NormClipping,
}
