namespace CoMiGS.Demo.Results;

/// <summary>Everything that a run of the demo found out: figures only, no tensors.</summary>
public sealed record DemoResult
{
    /// <summary>The scenario in a few words.</summary>
    public required string Scenario { get; init; }

    /// <summary>What all random numbers started from.</summary>
    public required int Seed { get; init; }

    /// <summary>Processor cores used.</summary>
    public required int Threads { get; init; }

    /// <summary>The machine in a few words.</summary>
    public required string Machine { get; init; }

    /// <summary>Rounds of the federation.</summary>
    public required int Rounds { get; init; }

    /// <summary>Training steps per device and round.</summary>
    public required int Steps { get; init; }

    /// <summary>The base model in a few words.</summary>
    public required string BaseModel { get; init; }

    /// <summary>From the first message read to the last perplexity.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The devices; all lists per device have this order.</summary>
    public required IReadOnlyList<DeviceInfo> Devices { get; init; }

    /// <summary>Test perplexity of the base model per device, before any fine-tuning.</summary>
    public required IReadOnlyList<double> BasePerplexity { get; init; }

    /// <summary>The methods in the order of the table.</summary>
    public required IReadOnlyList<MethodResult> Methods { get; init; }

    /// <summary>The routing of CoMiGS per device.</summary>
    public required IReadOnlyList<DeviceRouting> Routing { get; init; }

    /// <summary>Layer by layer, the share of tokens that went to the generalist, averaged over the devices.</summary>
    public IReadOnlyList<double> GeneralistShare =>
        [.. Enumerable.Range(0, Routing[0].ExpertShare.Count).Select(layer => Routing.Average(device => device.GeneralistShare[layer]))];

    /// <summary>The result of <paramref name="kind"/>.</summary>
    public MethodResult Of(MethodKind kind) => Methods.Single(method => method.Kind == kind);
}
