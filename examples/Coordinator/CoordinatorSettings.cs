using CoMiGS.Transport;

namespace CoMiGS.CoordinatorHost;

/// <summary>What the command line asked for.</summary>
public sealed record CoordinatorSettings
{
    /// <summary>The coordinator's own folder: the store, the registry of devices, the key that signs tokens.</summary>
    /// <value>The default is the current folder.</value>
    public string Folder { get; init; } = ".";

    /// <summary>Where to listen.</summary>
    /// <value>The default is port 5001 of every address of this machine.</value>
    public string Listen { get; init; } = "https://0.0.0.0:5001";

    /// <summary>The coordinator's TLS certificate, in PEM.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>The private key of <see cref="Certificate"/>, in PEM.</summary>
    public string Key { get; init; } = "";

    /// <summary>The authorities that sign the certificates of devices, in PEM.</summary>
    /// <value>The default is none: devices enrol with codes.</value>
    public string? Authority { get; init; }

    /// <summary>The name of the run.</summary>
    /// <value>The default is <c>run</c>.</value>
    public string Run { get; init; } = "run";

    /// <summary>How many rounds the run has.</summary>
    /// <value>The default is 20.</value>
    public int Rounds { get; init; } = 20;

    /// <summary>Training steps of every device in a round.</summary>
    /// <value>The default is 10.</value>
    public int Steps { get; init; } = 10;

    /// <summary>How many devices a round waits for.</summary>
    /// <value>The default is 4.</value>
    public int Devices { get; init; } = 4;

    /// <summary>With how many updates a round may close once its deadline has passed.</summary>
    /// <value>The default is null, all <see cref="Devices"/>.</value>
    public int? Quorum { get; init; }

    /// <summary>How many seconds a round waits for all of its devices.</summary>
    /// <value>The default is null, as long as it takes.</value>
    public int? DeadlineSeconds { get; init; }

    /// <summary>The seed of the first shared parameters.</summary>
    /// <value>The default is 42.</value>
    public int Seed { get; init; } = 42;

    /// <summary>How the shared parameters travel.</summary>
    /// <value>The default is float32.</value>
    public TensorType Payload { get; init; }

    /// <summary>Whether devices count by the size of their text, and not all alike.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool WeightBySamples { get; init; }

    /// <summary>Whether whoever can reach the coordinator sees its live page.</summary>
    /// <value>The default is <see langword="false"/>: only the coordinator's own machine does.</value>
    public bool PublicPage { get; init; }

    /// <summary>The path of one of the coordinator's own files.</summary>
    public string PathOf(string name) => Path.Combine(Path.GetFullPath(Folder), name);
}
