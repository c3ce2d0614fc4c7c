namespace CoMiGS.Experts;

/// <summary>The factor s of a LoRA update s B A.</summary>
public enum LoraScaling
{
    /// <summary>alpha / sqrt(r), as in rsLoRA (arXiv 2312.03732) and the paper's released code.</summary>
    RankStabilized,

    /// <summary>alpha / r, as in LoRA (arXiv 2106.09685).</summary>
    Classic,
}
