namespace CoMiGS.Experts;

/// <summary>Whether an expert is shared or private.</summary>
public enum ExpertRole
{
    /// <summary>Aggregated over all devices.</summary>
    Generalist,

    /// <summary>Stays on its device.</summary>
    Specialist,
}
