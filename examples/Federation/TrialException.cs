namespace CoMiGS.FederationTrial;

/// <summary>A process of the trial failed, or none does anything any more.</summary>
public sealed class TrialException : Exception
{
    /// <summary>An error with an empty message.</summary>
    public TrialException()
    {
    }

    /// <summary>Which process failed, and what it said.</summary>
    public TrialException(string message)
        : base(message)
    {
    }

    /// <summary>The same, keeping the cause.</summary>
    public TrialException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
