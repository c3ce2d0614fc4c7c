using CoMiGS.Transport;

namespace CoMiGS.FederationTrial;

/// <summary>What the command line asked for.</summary>
public sealed record TrialOptions
{
    /// <summary>How often the devices exchange what they share.</summary>
    /// <value>The default is 20, with <see cref="Quick"/> 6.</value>
    public int Rounds { get; init; } = 20;

    /// <summary>Training steps of every device between two exchanges.</summary>
    /// <value>The default is 10.</value>
    public int Steps { get; init; } = 10;

    /// <summary>What all random numbers start from.</summary>
    /// <value>The default is 42.</value>
    public int Seed { get; init; } = 42;

    /// <summary>How the shared parameters travel.</summary>
    /// <value>The default is float32.</value>
    public TensorType Payload { get; init; }

    /// <summary>The demo's small base model.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Quick { get; init; }

    /// <summary>The folder that trained base models are kept in from one run to the next.</summary>
    /// <value>The default is <c>artifacts/cache</c>.</value>
    public string Cache { get; init; } = Path.Combine("artifacts", "cache");

    /// <summary>A folder to keep everything in that the processes wrote.</summary>
    /// <value>The default is null: a temporary one, which is removed.</value>
    public string? Keep { get; init; }
}
