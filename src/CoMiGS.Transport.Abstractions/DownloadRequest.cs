namespace CoMiGS.Transport;

/// <summary>A device asks for the shared parameters.</summary>
/// <param name="Run">The run.</param>
/// <param name="Device">Who asks.</param>
/// <param name="Version">The version that its <see cref="RoundPlan"/> or <see cref="RunFinished"/> names.</param>
public sealed record DownloadRequest(string Run, string Device, long Version)
{
    /// <summary>The type that the device would like the numbers to have; the coordinator may send float32 all the same.</summary>
    /// <value>Default: float32.</value>
    public TensorType Type { get; init; }
}
