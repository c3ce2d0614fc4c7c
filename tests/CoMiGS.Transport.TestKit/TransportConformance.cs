namespace CoMiGS.Transport.TestKit;

/// <summary>
/// What every transport does, whatever it is made of. Inherit it, hand out both ends of yours, and run the tests. The tests end a call that
/// hangs after <see cref="Patience"/>; a transport that repeats by itself should give up well before.
/// </summary>
public abstract partial class TransportConformance
{
    /// <summary>How long a call may take before it counts as hanging.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A transport of its own for each test, ready to be served.</summary>
    /// <param name="limits">The limits that both of its ends hold messages to.</param>
    protected abstract Task<TransportUnderTest> StartAsync(PayloadLimits limits);

    private Task WithServedAsync(ICoordinatorEndpoint endpoint, Func<TransportUnderTest, Task> test) => WithServedAsync(endpoint, PayloadLimits.Default, test);

    private async Task WithServedAsync(ICoordinatorEndpoint endpoint, PayloadLimits limits, Func<TransportUnderTest, Task> test)
    {
        await using var transport = await StartAsync(limits);
        await using var served = new Served(transport.Coordinator, endpoint);
        await test(transport);
    }

    private static byte[] Bytes(TensorSet tensors) => PayloadCodec.Encode(tensors);

    /// <summary>A coordinator that is served until disposed; serving must then end without an exception.</summary>
    private sealed class Served : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;

        public Served(ICoordinatorTransport transport, ICoordinatorEndpoint endpoint) => _serving = transport.ServeAsync(endpoint, _stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _serving.WaitAsync(Patience);
            _stop.Dispose();
        }
    }
}
