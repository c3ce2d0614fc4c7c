namespace CoMiGS.Aggregation;

/// <summary>How much of the single updates a strategy has to see.</summary>
public enum UpdateAccess
{
    /// <summary>Only their weighted sum: memory of one model, and nothing hinders a sum that hides its terms.</summary>
    Sum,

    /// <summary>Each one as it comes, and none afterwards: memory of one model.</summary>
    Each,

    /// <summary>All of them at the end of the round: memory of one model for each device.</summary>
    All,
}
