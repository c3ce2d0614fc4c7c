namespace CoMiGS.Training;

/// <summary>When and on what the router learns.</summary>
public enum RouterSchedule
{
    /// <summary>In phases of its own, on validation data, with its own optimizer: bi-level training, the method of the paper.</summary>
    Alternating,

    /// <summary>In every step, together with the experts and on the training data, with one optimizer (pFedMoE, arXiv 2402.01350).</summary>
    Joint,

    /// <summary>As <see cref="Alternating"/>, but a phase comes at the start of each round, after the download, and once more after the last download: the router learns to mix what has just arrived.</summary>
    EachRound,
}
