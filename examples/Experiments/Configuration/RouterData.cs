namespace CoMiGS.Experiments.Configuration;

/// <summary>What the routers learn from.</summary>
public enum RouterData
{
    /// <summary>The validation split: the method of the paper.</summary>
    Valid,

    /// <summary>The training split: the ablation.</summary>
    Train,
}
