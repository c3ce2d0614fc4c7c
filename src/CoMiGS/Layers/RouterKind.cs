namespace CoMiGS.Layers;

/// <summary>How the experts of a block are combined.</summary>
public enum RouterKind
{
    /// <summary>A learnt per-token top-k router.</summary>
    TopK,

    /// <summary>The plain mean of all experts; no router is learnt (the baselines Local and FedAvg).</summary>
    Mean,

    /// <summary>A per-token top-k router that scores experts by their own down projections, so that experts can come and go; a shared expert is always taken (FedAMoLE).</summary>
    Embedding,
}
