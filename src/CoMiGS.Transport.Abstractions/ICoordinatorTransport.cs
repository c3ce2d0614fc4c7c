namespace CoMiGS.Transport;

/// <summary>The coordinator's end of a transport: listens for devices.</summary>
public interface ICoordinatorTransport
{
    /// <summary>What has gone over it so far.</summary>
    /// <value>Default: null, it does not count.</value>
    TransportTraffic? Traffic => null;

    /// <summary>Hands every message of every device to <paramref name="endpoint"/> until cancelled; then ends without an exception.</summary>
    /// <param name="endpoint">Who answers.</param>
    /// <param name="cancellationToken">Ends the service; calls in progress fail on the devices with a <see cref="TransportException"/>.</param>
    /// <returns>A task that ends with the service.</returns>
    Task ServeAsync(ICoordinatorEndpoint endpoint, CancellationToken cancellationToken);
}
