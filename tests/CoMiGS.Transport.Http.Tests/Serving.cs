namespace CoMiGS.Transport.Http.Tests;

/// <summary>A coordinator that is served until disposed.</summary>
internal sealed class Serving : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public Serving(ICoordinatorTransport transport, ICoordinatorEndpoint endpoint) => _serving = transport.ServeAsync(endpoint, _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _stop.Dispose();
    }
}
