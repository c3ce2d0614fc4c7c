using CoMiGS.Transport;

namespace CoMiGS.Demo.CommandLine;

/// <summary>What the command line asked for, checked.</summary>
public sealed record DemoOptions
{
    /// <summary>Whose text the devices hold.</summary>
    /// <value>The default is <see cref="Scenario.Colleagues"/>.</value>
    public Scenario Scenario { get; init; }

    /// <summary>The language of the colleagues.</summary>
    /// <value>The default is <c>de</c>.</value>
    public string Language { get; init; } = "de";

    /// <summary>A folder of your own text, instead of the scenario's.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? DataFolder { get; init; }

    /// <summary>How often the devices exchange what they share.</summary>
    /// <value>The default is 20, with <see cref="Quick"/> 6.</value>
    public int Rounds { get; init; } = 20;

    /// <summary>Training steps of every device between two exchanges.</summary>
    /// <value>The default is 10.</value>
    public int Steps { get; init; } = 10;

    /// <summary>The most training text per device in units of 1,000 bytes; one number stands for all devices.</summary>
    /// <value>The default is 120, 120, 8, 8 for colleagues, 20 for languages, and everything for <see cref="DataFolder"/>.</value>
    public IReadOnlyList<int>? TrainKilobytes { get; init; }

    /// <summary>Specialist experts per device; one number stands for all devices.</summary>
    /// <value>The default is 1.</value>
    public IReadOnlyList<int> Specialists { get; init; } = [1];

    /// <summary>What all random numbers start from.</summary>
    /// <value>The default is 42.</value>
    public int Seed { get; init; } = 42;

    /// <summary>Processor cores to use.</summary>
    /// <value>The default is all.</value>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>How the shared parameters travel.</summary>
    /// <value>The default is float32.</value>
    public TensorType Payload { get; init; }

    /// <summary>The folder for the report, the figures and the adapters.</summary>
    /// <value>The default is <c>artifacts/demo</c>.</value>
    public string Output { get; init; } = Path.Combine("artifacts", "demo");

    /// <summary>The folder that trained base models are kept in from one run to the next.</summary>
    /// <value>The default is <c>artifacts/cache</c>.</value>
    public string Cache { get; init; } = Path.Combine("artifacts", "cache");

    /// <summary>A small base model and few rounds: about a minute instead of several.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Quick { get; init; }
}
