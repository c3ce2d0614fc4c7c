namespace CoMiGS.Transport.Http.Serving;

/// <summary>One coordinator's time at the transport; nothing of it is left for the next.</summary>
internal sealed class Session : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public Session(ICoordinatorEndpoint endpoint, HttpCoordinatorOptions options, TimeProvider time)
    {
        Endpoint = endpoint;
        Stopped = _stop.Token;
        Uploads = new UploadShelf(options, time);
        Pacer = new ArrivalPacer(options.ArrivalsPerSecond, time);
        Memory = new UpdateMemory(options.UpdatesInMemory);
    }

    public ICoordinatorEndpoint Endpoint { get; }

    public CancellationToken Stopped { get; }

    /// <summary>How many want it served.</summary>
    public int Calls { get; set; }

    public UploadShelf Uploads { get; }

    public ArrivalPacer Pacer { get; }

    public UpdateMemory Memory { get; }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        Uploads.Dispose();
    }
}
