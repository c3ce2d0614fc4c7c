using CoMiGS.Aggregation;
using CoMiGS.Federation;
using CoMiGS.Transport;

namespace CoMiGS.Tests.Federation;

/// <summary>Runs devices and a coordinator over one in-memory transport.</summary>
internal static class Federations
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(InMemoryTransport transport, Coordinator coordinator, IEnumerable<FederatedDevice> devices, CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var serving = transport.ServeAsync(coordinator, stop.Token);
        try
        {
            await Task.WhenAll(devices.Select(device => Task.Run(() => device.RunAsync(stop.Token)))).WaitAsync(Patience, CancellationToken.None);
        }
        finally
        {
            await stop.CancelAsync();
            await serving;
        }
    }

    public static Coordinator Coordinator(RoundOptions options, IAggregationStrategy? strategy = null, TimeProvider? time = null, Action<RoundEvent>? onEvent = null) =>
        new(options, strategy ?? new WeightedMean(), time: time, onEvent: onEvent);

    public static FederatedDevice Device(string name, ILocalTraining training, IDeviceTransport transport, Action<DeviceMoment>? onMoment = null) =>
        new("run", name, training, transport, onMoment: onMoment);
}
