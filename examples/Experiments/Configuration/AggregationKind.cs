namespace CoMiGS.Experiments.Configuration;

/// <summary>How the updates of a method combine; each is a strategy of the library.</summary>
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
}
