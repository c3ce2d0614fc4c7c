namespace CoMiGS.Experiments.Configuration;

/// <summary>What is beside the attention's projections.</summary>
public enum AttentionKind
{
    /// <summary>One adapter each, which goes with what is shared.</summary>
    Shared,

    /// <summary>One adapter each, which stays on its device.</summary>
    Local,

    /// <summary>As many experts as a block has, with routers of their own.</summary>
    Routed,
}
