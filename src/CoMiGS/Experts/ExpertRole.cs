namespace CoMiGS.Experts;

/// <summary>Whether an expert is shared, private or assigned.</summary>
public enum ExpertRole
{
    /// <summary>Aggregated over all devices.</summary>
    Generalist,

    /// <summary>Stays on its device.</summary>
    Specialist,

    /// <summary>Held by some devices, which the coordinator chooses anew in every round.</summary>
    Assigned,
}
