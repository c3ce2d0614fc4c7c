using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS;

/// <summary>Runs a coordinator and all devices of one container: simulations, demos and experiments.</summary>
public sealed class InProcessFederation
{
    private readonly Coordinator _coordinator;
    private readonly ICoordinatorTransport _transport;
    private readonly IReadOnlyList<CoMiGSDevice> _devices;

    /// <summary>A federation of what a container holds.</summary>
    /// <param name="coordinator">Leads the run.</param>
    /// <param name="transport">Connects it to the devices.</param>
    /// <param name="devices">Take part.</param>
    public InProcessFederation(Coordinator coordinator, ICoordinatorTransport transport, IEnumerable<CoMiGSDevice> devices)
    {
        _coordinator = coordinator;
        _transport = transport;
        _devices = [.. devices];
    }

    /// <summary>The devices, in the order they were added.</summary>
    public IReadOnlyList<CoMiGSDevice> Devices => _devices;

    /// <summary>Runs until the last round is over and every device has the last shared parameters.</summary>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="Exception">What the first failing device threw; the others are stopped.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var serving = _transport.ServeAsync(_coordinator, stop.Token);
        var running = _devices.Select(d => d.RunAsync(stop.Token)).ToList();
        try
        {
            foreach (var _ in _devices)
            {
                var ended = await Task.WhenAny(running).ConfigureAwait(false);
                running.Remove(ended);
                await ended.ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(running.Append(serving)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
