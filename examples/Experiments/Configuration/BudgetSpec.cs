namespace CoMiGS.Experiments.Configuration;

/// <summary>What every device may spend, in every method alike.</summary>
public sealed record BudgetSpec
{
    /// <summary>Rounds.</summary>
    /// <value>The default is 12.</value>
    public int Rounds { get; init; } = 12;

    /// <summary>Steps of each device in a round.</summary>
    /// <value>The default is 10.</value>
    public int LocalSteps { get; init; } = 10;

    /// <summary>Windows per step.</summary>
    /// <value>The default is 8.</value>
    public int BatchSize { get; init; } = 8;

    /// <summary>Peak learning rate; it falls along a cosine to a tenth.</summary>
    /// <value>The default is 6e-3.</value>
    public double LearningRate { get; init; } = 6e-3;

    /// <summary>AdamW's weight decay.</summary>
    /// <value>The default is 0.01.</value>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Steps between two phases of the router.</summary>
    /// <value>The default is 30.</value>
    public int RouterEvery { get; init; } = 30;

    /// <summary>Steps of a phase of the router.</summary>
    /// <value>The default is 10.</value>
    public int RouterSteps { get; init; } = 10;
}
