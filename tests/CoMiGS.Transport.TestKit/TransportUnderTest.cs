namespace CoMiGS.Transport.TestKit;

/// <summary>Both ends of a transport, as a host would set them up.</summary>
public abstract class TransportUnderTest : IAsyncDisposable
{
    /// <summary>The coordinator's end. Nothing serves it yet.</summary>
    public abstract ICoordinatorTransport Coordinator { get; }

    /// <summary>A device's end; asked for once for each name. A transport that knows its devices lets this one in.</summary>
    /// <param name="name">The device's name.</param>
    public abstract IDeviceTransport Device(string name);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
