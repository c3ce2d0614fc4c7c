using CoMiGS.Transport;
using Microsoft.Extensions.Logging;

namespace CoMiGS.DeviceHost;

/// <summary>A coordinator that is away comes back; a device has time.</summary>
internal static class Patience
{
    /// <summary>Repeats a call until it gets through. The transport waits between its own tries, ever longer, before it gives up and the reason is logged.</summary>
    public static async Task<T> UntilItGetsThroughAsync<T>(Func<Task<T>> call, string device, ILogger log)
    {
        while (true)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (TransportException away)
            {
                log.CoordinatorIsAway(device, away.Message);
            }
        }
    }
}
