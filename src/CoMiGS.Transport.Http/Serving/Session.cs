namespace CoMiGS.Transport.Http.Serving;

/// <summary>One coordinator's time at the transport; nothing of it is left for the next.</summary>
internal sealed class Session(ICoordinatorEndpoint endpoint, HttpCoordinatorOptions options, TimeProvider time, CancellationToken stopped) : IDisposable
{
    public ICoordinatorEndpoint Endpoint => endpoint;

    public CancellationToken Stopped => stopped;

    public UploadShelf Uploads { get; } = new(options, time);

    public ArrivalPacer Pacer { get; } = new(options.ArrivalsPerSecond, time);

    /// <summary>Room for updates that are in memory as a whole.</summary>
    public SemaphoreSlim Room { get; } = new(options.UpdatesInMemory);

    public void Dispose() => Uploads.Dispose();
}
