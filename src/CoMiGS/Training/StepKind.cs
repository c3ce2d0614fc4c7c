namespace CoMiGS.Training;

/// <summary>What a step trains.</summary>
public enum StepKind
{
    /// <summary>Generalists, specialists and attention adapters, on training data; with a joint schedule the router too.</summary>
    Expert,

    /// <summary>The router, on validation data.</summary>
    Router,
}
